//! The templates: data in `templates/`, part of the binary.

use std::path::PathBuf;

/// Files with `{{name}}`s in them. A file ending in `.in` loses that ending: a `Cargo.toml` in
/// the templates' folder would make cargo take it for a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Template {
    Processor,
    Custom,
    /// Around an impl that is written for a host's contract.
    Contract,
}

macro_rules! files {
    ($folder:literal: $($file:literal),+ $(,)?) => {
        &[$(($file, include_str!(concat!("../../templates/", $folder, "/", $file)))),+]
    };
}

const PROCESSOR: &[(&str, &str)] =
    files!("processor": "Cargo.toml.in", "README.md", "gitignore", "src/lib.rs");
const CUSTOM: &[(&str, &str)] =
    files!("custom": "Cargo.toml.in", "README.md", "gitignore", "src/lib.rs", "wit/words.wit");
const CONTRACT: &[(&str, &str)] = files!("contract": "Cargo.toml.in", "README.md", "gitignore", "src/lib.rs");

/// What stands for the names in a template.
#[derive(Debug, Default)]
pub(crate) struct Values(Vec<(&'static str, String)>);

impl Values {
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

impl Template {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Processor => "processor",
            Self::Custom => "custom",
            Self::Contract => "contract",
        }
    }

    fn files(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Processor => PROCESSOR,
            Self::Custom => CUSTOM,
            Self::Contract => CONTRACT,
        }
    }

    /// The files of the template with `values` put in, by their place in the new folder.
    pub(crate) fn render(self, values: &Values) -> Vec<(PathBuf, String)> {
        self.files().iter().map(|(file, text)| (destination(file), end(fill(text, values)))).collect()
    }
}

fn destination(file: &str) -> PathBuf {
    match file {
        "gitignore" => PathBuf::from(".gitignore"),
        file => PathBuf::from(file.strip_suffix(".in").unwrap_or(file)),
    }
}

/// With one line end at its end, whatever was put in last.
fn end(text: String) -> String {
    format!("{}\n", text.trim_end())
}

/// A name that has no value stays as it is, so that a test of the result can see it.
fn fill(text: &str, values: &Values) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let (before, from) = rest.split_at(start);
        filled.push_str(before);
        match from.find("}}").and_then(|end| Some((values.get(&from[2..end])?, end + 2))) {
            Some((value, end)) => {
                filled.push_str(value);
                rest = &from[end..];
            }
            None => {
                filled.push_str("{{");
                rest = &from[2..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn list(folder: &Path, root: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                list(&path, root, found);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }

    #[test]
    fn the_tables_list_what_the_folders_hold() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut found = BTreeSet::new();
        list(&root, &root, &mut found);
        let mut listed = BTreeSet::new();
        for template in [Template::Processor, Template::Custom, Template::Contract] {
            listed.extend(template.files().iter().map(|(file, _)| format!("{}/{file}", template.name())));
        }
        assert_eq!(found, listed);
    }

    #[test]
    fn names_are_filled_and_nothing_else() {
        let values = Values::default().with("name", "hello").with("sdk", "{{name}}");
        assert_eq!(fill("{{name}}-{{sdk}} {{other}} {{ }} {", &values), "hello-{{name}} {{other}} {{ }} {");
    }
}
