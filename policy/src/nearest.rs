//! What somebody may have meant.

/// The one of `known` that is most like `given`, if one is like it at all.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_by(given, known, |candidate| strsim::damerau_levenshtein(given, candidate))
}

/// The same for keys: `fs` is meant to be one of `fs:read` and `fs:write`.
pub(crate) fn nearest_key<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_by(given, known, |candidate| match candidate.split_once(':') {
        Some((family, _)) if family == given => 0,
        _ => strsim::damerau_levenshtein(given, candidate),
    })
}

fn nearest_by<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
    distance: impl Fn(&str) -> usize,
) -> Option<&'a str> {
    // the distance costs both lengths multiplied, and no name is longer
    if given.is_empty() || given.len() > 256 {
        return None;
    }
    known
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 3).max(1))
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_key};

    #[test]
    fn what_is_alike_is_proposed() {
        let known = ["fs:read", "fs:write", "net", "clocks"];
        for nearest in [nearest, nearest_key] {
            assert_eq!(nearest("clock", known), Some("clocks"));
            assert_eq!(nearest("fs_read", known), Some("fs:read"));
            assert_eq!(nearest("xyz", known), None);
            assert_eq!(nearest("", known), None);
            assert_eq!(nearest(&"n".repeat(10_000), known), None);
        }
        assert_eq!(nearest_key("fs", known), Some("fs:read"));
        assert_eq!(nearest("fs", known), None);
    }
}
