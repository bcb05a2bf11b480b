//! One macro for each level.

/// Writes a line of level *trace* to the host's log; arguments as for `format!`.
#[macro_export]
macro_rules! trace {
    ($($arg:tt)+) => { $crate::log::write($crate::log::Level::Trace, ::core::format_args!($($arg)+)) };
}

/// Writes a line of level *debug* to the host's log; arguments as for `format!`.
#[macro_export]
macro_rules! debug {
    ($($arg:tt)+) => { $crate::log::write($crate::log::Level::Debug, ::core::format_args!($($arg)+)) };
}

/// Writes a line of level *info* to the host's log; arguments as for `format!`.
#[macro_export]
macro_rules! info {
    ($($arg:tt)+) => { $crate::log::write($crate::log::Level::Info, ::core::format_args!($($arg)+)) };
}

/// Writes a line of level *warn* to the host's log; arguments as for `format!`.
#[macro_export]
macro_rules! warn {
    ($($arg:tt)+) => { $crate::log::write($crate::log::Level::Warn, ::core::format_args!($($arg)+)) };
}

/// Writes a line of level *error* to the host's log; arguments as for `format!`.
#[macro_export]
macro_rules! error {
    ($($arg:tt)+) => { $crate::log::write($crate::log::Level::Error, ::core::format_args!($($arg)+)) };
}
