//! How instances are kept between calls.

mod resident;

pub(crate) use resident::{Resident, Told};
