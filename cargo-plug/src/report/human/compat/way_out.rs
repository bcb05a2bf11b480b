//! What to do about a contract that breaks old plugins.

use std::fmt::Write as _;

use plug_contract::{Bump, Finding, Verdict};

use super::words::wrapped;
use crate::commands::check_compat::{Check, Comparison};
use crate::next_version::next_version;
use crate::report::Page;

/// The ways that are open, with what to write. Nothing where old plugins run.
pub(super) fn ways_out(check: &Check, comparison: &Comparison, page: Page) -> String {
    // Of a component, each finding says it.
    if !comparison.gates || comparison.fits() || comparison.is_of_component() {
        return String::new();
    }
    // What neither version fits is no change that could be taken back.
    let breaks_old = check.verdicts().old_plugin_on_new_host == Some(Verdict::Breaking)
        && check.report.required_bump() == Bump::Major;
    let version = check.old.contract.version();
    let Some((old, next)) = version.and_then(|old| Some((old, next_version(old, Bump::Major)?))) else {
        return String::new();
    };
    if !breaks_old {
        return String::new();
    }
    let mut way = Way { text: String::new(), page };
    way.tell("help: ", "plugins that are out there are refused by the new host. There are two ways:");
    way.tell(
        "  1. ",
        &format!(
            "Keep them (the usual way): take back what is reported above, and add what is new in a place \
             where nobody demands it. Then the version rises from {old} by a minor step."
        ),
    );
    match exported_interface(check) {
        Some(interface) => {
            let world = check.old.contract.world();
            way.tell(
                INDENT,
                &format!(
                    "Functions that plugins provide go into an interface of their own, which a plugin may \
                     leave out: that is what the name `{world}-optional` says. Plugins go on being built for \
                     the world `{world}`, which stays as it is:"
                ),
            );
            let old_types = format!("use {interface}.{{…}};");
            let width = old_types.chars().count();
            way.show(&[
                &format!("interface {interface}-more {{"),
                &format!("  {old_types}  // types that are there already"),
                &format!("  {:width$}  // new types, and the new functions", "…"),
                "}",
                &format!("world {world}-optional {{ export {interface}-more; }}"),
            ]);
            way.tell(
                INDENT,
                "A plugin that implements it exports it, too. The host finds out by itself which plugins \
                 have it, and its code gets an `Option`. `cargo plug explain O01` shows both sides.",
            );
        }
        None => way.tell(
            INDENT,
            "What the host provides may grow where it is: new functions and new types break nobody, for \
             plugins ask only for what they call.",
        ),
    }
    way.tell(
        "  2. ",
        &format!(
            "Part with them: publish this as {next}. Plugins built before are refused from then on, unless \
             the host serves both versions for a time (`cargo plug explain N18`)."
        ),
    );
    way.text.push('\n');
    way.text
}

const INDENT: &str = "     ";

struct Way {
    text: String,
    page: Page,
}

impl Way {
    fn tell(&mut self, lead: &str, told: &str) {
        self.text.push_str(&wrapped(lead, told, self.page.width));
    }

    /// Text to be copied: it is never wrapped.
    fn show(&mut self, lines: &[&str]) {
        let lines: String = lines.iter().map(|line| format!("{INDENT}  {line}\n")).collect();
        write!(self.text, "\n{lines}\n").expect("a String takes all");
    }
}

/// An interface that plugins export, and that breaks old ones: `image-filter`.
fn exported_interface(check: &Check) -> Option<&str> {
    let breaks = |finding: &&Finding| finding.verdicts.old_plugin_on_new_host == Some(Verdict::Breaking);
    let mut places = check.findings.iter().filter(breaks).flat_map(|finding| &finding.uses);
    places.find_map(|place| {
        let (interface, _) = place.strip_prefix("export ")?.split_once('#')?;
        let name = interface.rsplit('/').next()?;
        Some(name.split('@').next().unwrap_or(name))
    })
}
