//! A plugin for a contract of its own: `wit/words.wit`.

use std::collections::BTreeMap;

use plug_guest_sdk::prelude::*;

struct {{type}};

#[plugin(path = "wit", world = "example:words/counter")]
impl WordCounter for {{type}} {
    fn count_words(text: String, limit: u32) -> Result<Vec<Word>, Failure> {
        if text.len() > limit as usize {
            return Err(Failure::TooLong(limit));
        }
        let mut counts = BTreeMap::new();
        for word in text.split_whitespace() {
            *counts.entry(word).or_insert(0) += 1;
        }
        if counts.is_empty() {
            return Err(Failure::Empty);
        }
        let mut words: Vec<Word> = counts
            .into_iter()
            .map(|(word, count)| Word {
                text: word.to_owned(),
                count,
            })
            .collect();
        // A stable sort: words of one count stay in alphabetical order.
        words.sort_by_key(|word| std::cmp::Reverse(word.count));
        Ok(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Tests run natively, without a host: `cargo test`.
    #[test]
    fn frequent_words_come_first() {
        let words = {{type}}::count_words("b a b".to_owned(), 100).unwrap();
        let words: Vec<_> = words.iter().map(|w| (w.text.as_str(), w.count)).collect();
        assert_eq!(words, [("b", 2), ("a", 1)]);
    }

    #[test]
    fn a_text_that_is_too_long_is_refused() {
        let result = {{type}}::count_words("too long".to_owned(), 3);
        assert!(matches!(result, Err(Failure::TooLong(3))));
    }

    #[test]
    fn an_empty_text_is_refused() {
        let result = {{type}}::count_words(" ".to_owned(), 100);
        assert!(matches!(result, Err(Failure::Empty)));
    }
}
