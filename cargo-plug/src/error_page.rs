//! The pages of `docs/errors`, part of the binary.

mod table;

/// One page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ErrorPage {
    /// `PLG0101`
    pub(crate) code: &'static str,
    pub(crate) text: &'static str,
}

/// All pages by code.
pub(crate) fn all() -> impl Iterator<Item = ErrorPage> {
    table::PAGES.iter().map(|(code, text)| ErrorPage { code, text })
}

impl ErrorPage {
    /// What stands behind the code on the first line.
    pub(crate) fn title(self) -> &'static str {
        self.text.lines().next().and_then(|line| line.split_once(": ")).map_or("", |(_, title)| title)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// `PLUG_BLESS=1 cargo test -p cargo-plug --lib error_page` writes the table anew.
    #[test]
    fn the_table_lists_what_the_folder_holds() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut codes: Vec<String> = fs::read_dir(root.join("errors"))
            .unwrap()
            .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".md")?.to_owned()))
            .collect();
        codes.sort();
        let mut table = String::from(
            "// Written by `PLUG_BLESS=1 cargo test -p cargo-plug --lib error_page`.\n\n\
             pub(super) const PAGES: &[(&str, &str)] = &[\n",
        );
        for code in &codes {
            table.push_str(&format!("    (\"{code}\", include_str!(\"../../errors/{code}.md\")),\n"));
        }
        table.push_str("];\n");
        let path = root.join("src/error_page/table.rs");
        if std::env::var_os("PLUG_BLESS").is_some() {
            fs::write(&path, &table).unwrap();
        }
        assert!(
            fs::read_to_string(&path).unwrap() == table,
            "docs/errors and its table differ; run `PLUG_BLESS=1 cargo test -p cargo-plug --lib error_page`"
        );
    }

    #[test]
    fn each_page_has_the_same_form() {
        for page in all() {
            let code = page.code;
            assert!(code.len() == 7 && code.starts_with("PLG") && code[3..].parse::<u16>().is_ok(), "{code}");
            assert!(page.text.starts_with(&format!("# {code}: ")), "{code}: the first line is its title");
            assert!(!page.title().is_empty() && !page.title().ends_with('.'), "{code}: {}", page.title());
            let example = page.text.find("\n## Example\n").unwrap_or_else(|| panic!("{code} has an example"));
            let mend =
                page.text.find("\n## What to do\n").unwrap_or_else(|| panic!("{code} says what to do"));
            assert!(example < mend, "{code}: the example comes first");
            let example = &page.text[example..mend];
            assert_eq!(example.matches("\n```").count() % 2, 0, "{code}: the fences are closed");
            // A host application prints its errors as it likes, with or without their codes.
            let is_of_host = code.starts_with("PLG05") || code.starts_with("PLG06");
            assert!(is_of_host || example.contains(code), "{code}: the example shows the code");
        }
    }
}
