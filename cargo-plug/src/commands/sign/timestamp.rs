//! When a signature is made.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::env::Place;

/// Seconds since 1970, or those of `SOURCE_DATE_EPOCH`, for builds that can be repeated.
pub(super) fn now(place: &Place) -> u64 {
    let fixed = place.var("SOURCE_DATE_EPOCH").and_then(|text| text.to_str()?.parse().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    fixed.unwrap_or_else(now)
}
