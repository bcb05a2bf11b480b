//! What somebody may have meant.

/// The one of `known` that is most like `given`, if one is like it at all.
pub(crate) fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // the distance costs both lengths multiplied, and no key is long
    if given.is_empty() || given.len() > 64 {
        return None;
    }
    known
        .into_iter()
        .filter_map(|candidate| {
            let family = candidate.split_once(':').is_some_and(|(family, _)| family == given);
            let distance = if family { 0 } else { strsim::damerau_levenshtein(given, candidate) };
            (distance <= (candidate.len() / 3).max(1)).then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn what_is_alike_is_proposed() {
        let known = ["fs:read", "fs:write", "net", "clocks"];
        assert_eq!(nearest("clock", known), Some("clocks"));
        assert_eq!(nearest("fs_read", known), Some("fs:read"));
        assert_eq!(nearest("fs", known), Some("fs:read"));
        assert_eq!(nearest("xyz", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest(&"n".repeat(10_000), known), None);
    }
}
