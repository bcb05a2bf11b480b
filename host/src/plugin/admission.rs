//! How many plugins were let in, and how many were not, by the verdict on them.

use plug_contract::Verdict;

/// Labels are the host's own words: nothing of what a plugin says becomes a time series.
const ADMISSIONS: &str = "plug_admissions_total";

/// What there is to say when nothing could be judged: the declaration of the component does not
/// hold.
const UNDECIDED: &str = "undecided";

/// Counts one attempt to load a plugin.
pub(super) fn count(verdict: Option<Verdict>) {
    metrics::counter!(ADMISSIONS, "verdict" => verdict.map_or(UNDECIDED, Verdict::as_str)).increment(1);
}
