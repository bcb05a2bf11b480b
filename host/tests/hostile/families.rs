//! All the tables, each with its title.

use crate::case::Case;

/// The families, in the order of the page.
pub fn families() -> [(&'static str, Vec<Case>); 9] {
    [
        ("Memory, tables and stack", crate::memory::cases()),
        ("Computing and waiting", crate::time::cases()),
        ("What is handed over", crate::boundary::cases()),
        ("Breaking, re-entrance and handles", crate::calls::cases()),
        ("Beginning and end", crate::lifecycle::cases()),
        ("Floods", crate::floods::cases()),
        ("Text that steers terminals", crate::names::cases()),
        ("Bombs for the compiler", crate::bombs::cases()),
        ("Forged bytes", crate::forged::cases()),
    ]
}
