//! The tables as a page of the guide.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::case::Case;
use crate::families::families;

const HEAD: &str = "<!-- Written by `cargo xtask bless -E 'test(the_page_shows_the_tables)'`: host/tests/hostile has the tables. -->

# Hostile plugins

What plugins can try, and what comes of it. Each line is a component that really does it, loaded by one host on which
another plugin is asked all the while: that one has to answer as ever, and the memory of the process has to be
back within 48 MiB of what it was, or the test fails (`host/tests/hostile`). The limits there are small, so that they are
met soon: 16 MiB of memory, 10,000 elements of a table, 500 handles, 300 ms of computing, one second for a
call, 1 MiB at once, 50 log messages and events in a second, 8 MiB of artifact with 2 MiB of code.

`x` is the name under which the plugin is loaded. What a plugin says is shown escaped. Where no code is given, the plugin is served.
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    for (title, cases) in families() {
        let _ = write!(page, "\n## {title}\n\n| the plugin | what happens | code |\n|---|---|---|\n");
        for case in cases {
            let says = case.says.replace('|', "\\|");
            let more = if case.goes_on { "…" } else { "" };
            let says = if case.code.is_some() { format!("`` {says}{more} ``") } else { says };
            let code = case.code.map_or_else(String::new, |code| format!("[{code}](../errors/{code}.md)"));
            let _ = writeln!(page, "| {} | {says} | {code} |", case.does);
        }
    }
    page
}

#[test]
fn the_page_shows_the_tables() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide/hostile-plugins.md");
    let page = page();
    if std::env::var_os("PLUG_BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == page,
        "docs/guide/hostile-plugins.md is not what the tables say; run `cargo xtask bless -E 'test(the_page_shows_the_tables)'`"
    );
}

#[test]
fn there_are_enough_of_them_and_none_twice() {
    let all: Vec<Case> = families().into_iter().flat_map(|(_, cases)| cases).collect();
    let different: BTreeSet<_> = all.iter().map(|case| case.does).collect();
    assert_eq!(different.len(), all.len(), "two cases are called the same");
    assert!(all.len() >= 60, "only {} cases", all.len());
}
