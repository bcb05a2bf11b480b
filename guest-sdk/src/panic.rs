//! A panic ends the instance; its message and place must get out before.

use std::panic::PanicHookInfo;

use crate::host;
use crate::log::Level;

/// From now on, panics write one line to the host's log.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|info| host::log(Level::Error, &line(info))));
}

/// `panicked at src/lib.rs:12:5: index out of bounds`
fn line(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no message)");
    match info.location() {
        Some(place) => format!("panicked at {place}: {message}"),
        None => format!("panicked: {message}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::log::Level;

    #[test]
    fn message_and_place_arrive() {
        let before = std::panic::take_hook();
        super::install();
        let _ = std::panic::catch_unwind(|| panic!("no {}", "good"));
        let _ = std::panic::catch_unwind(|| std::panic::panic_any(7));
        std::panic::set_hook(before);
        let lines: Vec<_> =
            crate::testing::log().into_iter().filter(|line| line.message.contains("panic.rs")).collect();
        assert!(lines.iter().all(|line| line.level == Level::Error), "{lines:?}");
        assert!(lines[0].message.starts_with("panicked at guest-sdk/src/panic.rs:"), "{lines:?}");
        assert!(lines[0].message.ends_with(": no good"), "{lines:?}");
        assert!(lines[1].message.ends_with(": (no message)"), "{lines:?}");
    }
}
