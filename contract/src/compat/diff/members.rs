//! Two ordered lists of names: fields, cases, flags.

/// What became of a list of names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Members<'a> {
    pub(super) added: Vec<&'a str>,
    pub(super) removed: Vec<&'a str>,
    /// Old and new name of those that stayed in place under another name.
    pub(super) renamed: Vec<(&'a str, &'a str)>,
    /// Whether those that stayed come in another order.
    pub(super) is_reordered: bool,
    /// Whether all that was added stands at the end.
    pub(super) is_appended: bool,
}

/// Compares two lists. `is_same` tells whether an old and a new member, by index, are the same but
/// for the name.
pub(super) fn members<'a>(
    old: &[&'a str],
    new: &[&'a str],
    is_same: impl Fn(usize, usize) -> bool,
) -> Members<'a> {
    let old_set: std::collections::HashSet<_> = old.iter().collect();
    let new_set: std::collections::HashSet<_> = new.iter().collect();
    let mut out = Members {
        added: new.iter().filter(|name| !old_set.contains(name)).copied().collect(),
        removed: old.iter().filter(|name| !new_set.contains(name)).copied().collect(),
        ..Members::default()
    };
    let stayed = |list: &[&'a str]| -> Vec<&'a str> {
        list.iter().filter(|name| old_set.contains(name) && new_set.contains(name)).copied().collect()
    };
    let (before, after) = (stayed(old), stayed(new));
    out.is_reordered = before != after;
    out.is_appended =
        !out.added.is_empty() && new[..new.len() - out.added.len()].iter().all(|n| old_set.contains(n));
    // names that changed in place, one for one
    if old.len() == new.len() && !out.is_reordered && out.added.len() == out.removed.len() {
        let changed: Vec<usize> = (0..old.len()).filter(|i| old[*i] != new[*i]).collect();
        if changed.len() == out.added.len() && changed.iter().all(|i| is_same(*i, *i)) {
            out.renamed = changed.iter().map(|i| (old[*i], new[*i])).collect();
            out.added.clear();
            out.removed.clear();
            out.is_appended = false;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(old: &[&'a str], new: &[&'a str]) -> Members<'a> {
        members(old, new, |_, _| true)
    }

    #[test]
    fn each_kind_of_change() {
        assert_eq!(of(&["a", "b"], &["a", "b"]), Members::default());
        let appended = of(&["a"], &["a", "b"]);
        assert!(appended.is_appended && appended.added == ["b"] && !appended.is_reordered);
        let in_between = of(&["a", "c"], &["a", "b", "c"]);
        assert!(!in_between.is_appended && in_between.added == ["b"]);
        assert_eq!(of(&["a", "b"], &["b"]).removed, ["a"]);
        assert!(of(&["a", "b"], &["b", "a"]).is_reordered);
        assert_eq!(of(&["a", "b"], &["a", "c"]).renamed, [("b", "c")]);
    }

    #[test]
    fn another_name_and_another_type_is_no_renaming() {
        let changed = members(&["a", "b"], &["a", "c"], |_, _| false);
        assert_eq!((changed.added, changed.removed), (vec!["c"], vec!["b"]));
    }
}
