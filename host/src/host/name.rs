//! Names that a plugin can have on a host.

const LONGEST: usize = 64;

/// Letters and digits of ASCII, `-`, `_` and `.`; the first one a letter or digit.
pub(super) fn check(name: &str) -> Result<(), &'static str> {
    let Some(first) = name.bytes().next() else {
        return Err("it is empty");
    };
    if name.len() > LONGEST {
        return Err("it is longer than 64 bytes");
    }
    if !first.is_ascii_alphanumeric() {
        return Err("it has to begin with a letter or digit");
    }
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
        return Err("only letters and digits of ASCII, `-`, `_` and `.` may be in it");
    }
    Ok(())
}

/// The name as far as it may stand in a message.
pub(super) fn shown(name: &str) -> String {
    let kept = &name[..name.floor_char_boundary(LONGEST)];
    let dots = if kept.len() < name.len() { "…" } else { "" };
    format!("{}{dots}", kept.escape_debug())
}
