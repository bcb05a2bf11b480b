use std::fmt::Write as _;
use std::path::Path;

use super::printable::printable;
use crate::env::Place;
use crate::failure::Failure;
use crate::report::style::Style;

/// `error[PLG0002]: what`, where, why, and what to do.
pub(in crate::report) fn failure(failure: &Failure, here: &Place, style: Style) -> String {
    let error = failure.error();
    let code = error.code();
    let message = printable(&error.to_string());
    let mut lines = message.lines();
    let mut text = format!(
        "{}: {}\n",
        style.error(&format!("error[{code}]")),
        style.strong(lines.next().unwrap_or_default())
    );
    for line in lines {
        writeln!(text, "{line}").expect("a String takes all");
    }
    if let Some(place) = error.place() {
        writeln!(text, "  {} {}", style.note("-->"), printable(&here.show(Path::new(&place))))
            .expect("a String takes all");
    }
    let mut before = error.to_string();
    for cause in failure.causes() {
        // an error that says its cause itself has said it
        if before.ends_with(&cause) {
            continue;
        }
        before.clone_from(&cause);
        let cause = printable(&cause);
        let mut lines = cause.lines();
        writeln!(text, "  because: {}", lines.next().unwrap_or_default()).expect("a String takes all");
        for line in lines {
            writeln!(text, "    {line}").expect("a String takes all");
        }
    }
    if let Some(details) = error.details() {
        text.push('\n');
        for line in printable(&details).lines() {
            text.push_str(format!("  {line}").trim_end());
            text.push('\n');
        }
        text.push('\n');
    }
    for help in error.help() {
        writeln!(text, "{}: {}", style.note("help"), printable(&help)).expect("a String takes all");
    }
    writeln!(text, "{}", style.faint(&format!("  (cargo plug explain {code})"))).expect("a String takes all");
    text
}

/// What clap says, with the code of its page.
pub(in crate::report) fn usage(text: &str) -> String {
    // In colour, the word has escapes around it; the code goes right behind the word.
    match text.find("error") {
        Some(at) if !text[..at].contains(char::is_whitespace) => text.replacen("error", "error[PLG0000]", 1),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Explained;

    #[derive(Debug, thiserror::Error)]
    #[error("it broke\n  here")]
    struct Broken(#[source] std::io::Error);

    impl Explained for Broken {
        fn code(&self) -> &'static str {
            "PLG0005"
        }

        fn place(&self) -> Option<String> {
            Some("/srv/a/b".to_owned())
        }

        fn help(&self) -> Vec<String> {
            vec!["mend it".to_owned()]
        }

        fn details(&self) -> Option<String> {
            Some("one\n\ntwo".to_owned())
        }
    }

    #[test]
    fn an_error_has_code_place_cause_and_help() {
        let here = Place::at("/srv");
        let broken = Failure::from(Broken(std::io::Error::other("why\nindeed")));
        assert_eq!(
            failure(&broken, &here, Style::new(false)),
            "error[PLG0005]: it broke\n  here\n  --> a/b\n  because: why\n    indeed\n\n  one\n\n  two\n\n\
             help: mend it\n  (cargo plug explain PLG0005)\n"
        );
        assert!(
            failure(&broken, &here, Style::new(true))
                .contains("\x1b[1;31merror[PLG0005]\x1b[0m: \x1b[1mit broke")
        );
    }
}
