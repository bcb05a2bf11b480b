//! Which of the known names was meant.

/// Known names, the one most like `name` first.
pub(crate) fn sorted<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_by_key(|candidate| strsim::damerau_levenshtein(name, candidate));
    known
}

/// The known name that was probably meant.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let best = *sorted(name, known).first()?;
    let allowed = name.chars().count().max(3) / 3;
    (strsim::damerau_levenshtein(name, best) <= allowed).then_some(best)
}

/// `` `a`, `b` and `c` ``.
pub(crate) fn list<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match names.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        assert_eq!(nearest("wrold", ["path", "world"]), Some("world"));
        assert_eq!(nearest("proces", ["check", "process"]), Some("process"));
    }

    #[test]
    fn another_word_is_not_taken_for_a_slip() {
        assert_eq!(nearest("run", ["path", "world"]), None);
        assert_eq!(nearest("run", []), None);
    }

    #[test]
    fn a_list_reads_like_a_sentence() {
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(list::<&str>([]), "none");
    }
}
