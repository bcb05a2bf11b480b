//! Some of many names, for a message that somebody can read.

use std::fmt;

/// As many are shown.
const SHOWN: usize = 10;

/// The first of them, or those that are most like what was written.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    shown: Vec<String>,
    /// How many there are besides.
    more: usize,
}

impl Choice {
    /// The first ones.
    pub(super) fn first(all: impl IntoIterator<Item = String>) -> Self {
        let mut all = all.into_iter();
        let shown: Vec<_> = all.by_ref().take(SHOWN).collect();
        Self { shown, more: all.count() }
    }

    /// All, if they are few, else the ones that are most like `written`.
    pub(super) fn nearest<'a>(written: &str, all: impl IntoIterator<Item = &'a str>) -> Self {
        let all: Vec<&str> = all.into_iter().collect();
        let more = all.len().saturating_sub(SHOWN);
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        if more == 0 {
            return Self { shown: owned(&all), more };
        }
        let mut ranked: Vec<_> = all.into_iter().map(|name| (distance(written, name), name)).collect();
        ranked.select_nth_unstable(SHOWN);
        ranked.truncate(SHOWN);
        ranked.sort_unstable();
        let names: Vec<_> = ranked.into_iter().map(|(_, name)| name).collect();
        Self { shown: owned(&names), more }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    pub(super) fn more(&self) -> usize {
        self.more
    }

    #[cfg(test)]
    pub(super) fn shown(&self) -> &[String] {
        &self.shown
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown.join(", "))?;
        if self.more > 0 { write!(f, ", … and {} more", self.more) } else { Ok(()) }
    }
}

/// No text that is much longer than the other is looked at in full: it cannot be near.
fn distance(written: &str, name: &str) -> usize {
    let difference = written.len().abs_diff(name.len());
    if difference > written.len().min(name.len()) {
        return difference;
    }
    strsim::damerau_levenshtein(written, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_shown_as_they_are() {
        assert_eq!(Choice::nearest("x", ["b", "a"]).to_string(), "b, a");
        assert_eq!(Choice::first(["b".to_owned()]).to_string(), "b");
        assert!(Choice::nearest("x", []).is_empty());
    }

    #[test]
    fn of_many_the_nearest_are_shown() {
        let names: Vec<_> = (0..1000).map(|number| format!("function-{number}")).collect();
        let choice = Choice::nearest("function-500x", names.iter().map(String::as_str));
        assert_eq!(choice.shown()[0], "function-500");
        assert_eq!((choice.shown().len(), choice.more()), (10, 990));
        assert!(choice.to_string().ends_with(", … and 990 more"), "{choice}");
        let first = Choice::first(names);
        assert_eq!((first.shown()[9].as_str(), first.more()), ("function-9", 990));
    }
}
