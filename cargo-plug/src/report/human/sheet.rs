use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::printable::printable_line;
use crate::report::style::Style;

/// A list of names with their values, the names on one width.
pub(super) struct Sheet {
    pub(super) text: String,
    pub(super) style: Style,
}

const NAME_WIDTH: usize = 12;

impl Sheet {
    pub(super) fn new(title: &str, style: Style) -> Self {
        Self { text: format!("{}\n", style.strong(&printable_line(title))), style }
    }

    pub(super) fn line(&mut self, name: &str, value: &str) {
        self.styled_line(name, &printable_line(value));
    }

    /// A value that is our own, and may have colour.
    pub(super) fn styled_line(&mut self, name: &str, value: &str) {
        let name = self.style.note(&format!("{name:<NAME_WIDTH$}"));
        writeln!(self.text, "  {name}{value}").expect("a String takes all");
    }

    /// The name once, a value on each line.
    pub(super) fn lines(&mut self, name: &str, values: impl IntoIterator<Item = String>) {
        let mut name = name;
        for value in values {
            self.line(name, &value);
            name = "";
        }
    }
}

/// `wasi:io@0.2.6 error, poll`: there are many of these, and a plugin's author did not ask for them.
pub(super) fn by_package<'a>(interfaces: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut packages: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in interfaces {
        let (plain, version) = name.split_once('@').unwrap_or((name, ""));
        let (package, interface) = plain.split_once('/').unwrap_or((plain, ""));
        let package = if version.is_empty() { package.to_owned() } else { format!("{package}@{version}") };
        packages.entry(package).or_default().push(interface);
    }
    packages
        .into_iter()
        .map(|(package, interfaces)| format!("{package}: {}", interfaces.join(", ")))
        .collect()
}
