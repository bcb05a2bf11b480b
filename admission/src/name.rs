//! Names of plugins.

/// The longest name.
const LONGEST: usize = 64;

/// A text that cannot be the name of a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NameError(&'static str);

/// Whether a plugin can have this name: letters and digits of ASCII, `-`, `_` and `.`, the first one
/// a letter or digit. These are the names that a host takes.
///
/// # Errors
///
/// When it cannot; the message says why.
pub fn check_name(name: &str) -> Result<(), NameError> {
    let Some(first) = name.bytes().next() else { return Err(NameError("it is empty")) };
    if name.len() > LONGEST {
        return Err(NameError("it is longer than 64 bytes"));
    }
    if !first.is_ascii_alphanumeric() {
        return Err(NameError("it has to begin with a letter or digit"));
    }
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
        return Err(NameError("only letters and digits of ASCII, `-`, `_` and `.` may be in it"));
    }
    Ok(())
}

/// A text of a stranger as it can stand in a message: on one line, and not too long.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST_SHOWN: usize = 80;
    let mut out: String = text.chars().take(LONGEST_SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST_SHOWN).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{check_name, shown};

    #[test]
    fn names() {
        for good in ["a", "upper", "acme-2.1_x", "0", &"a".repeat(64)] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        for bad in ["", "-a", ".", "a b", "a\n", "ä", "a/b", "a:b", &"a".repeat(65)] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
        assert_eq!(shown("a\n\u{202e}"), "a\\n\\u{202e}");
        assert_eq!(shown(&"x".repeat(99)).chars().count(), 81);
    }
}
