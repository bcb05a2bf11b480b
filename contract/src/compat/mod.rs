//! May this component run on that host?

mod compare;
mod judge;
mod report;

pub use judge::judge;
pub use report::{Finding, Report, Verdict};
