use super::style::Style;

/// What is known of the page that a report is written on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) style: Style,
    /// Whether it is a terminal: lines that others read by the line are left whole.
    pub(super) is_terminal: bool,
    /// In columns.
    pub(super) width: usize,
    /// How much more is wanted than usual.
    pub(super) verbose: u8,
}

impl Page {
    /// The width for a terminal of so many columns, or for none. Long lines are hard to read, and
    /// short ones hold nothing.
    pub(super) fn width(columns: Option<usize>) -> usize {
        columns.unwrap_or(100).clamp(40, 120)
    }
}
