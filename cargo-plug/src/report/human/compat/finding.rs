//! One finding.

use std::fmt::Write as _;

use plug_contract::{Bump, Direction, Finding, Verdict};

use super::super::printable::printable_line;
use super::snippet::snippet;
use super::words::{Severity, fate, severity, who, wrapped};
use crate::baseline::TextPlace;
use crate::commands::check_compat::{Check, Comparison};
use crate::next_version::next_version;
use crate::report::Page;

const BOTH: [Direction; 2] = [Direction::OldPluginOnNewHost, Direction::NewPluginOnOldHost];
/// As many places are listed; all with `-v`.
const MOST_USES: usize = 5;
/// Longer types are cut; not with `-v`.
const LONGEST_TYPE: usize = 300;

/// What it is, in one line.
pub(super) fn title(finding: &Finding, comparison: &Comparison, page: Page) -> String {
    let style = page.style;
    let rule = finding.rule;
    let label = |word: &str| format!("{word}[{} {}]", rule.id, rule.name);
    let label = match severity(finding, comparison) {
        Severity::Error => style.error(&label("error")),
        Severity::Warning => style.warning(&label("warning")),
        Severity::Note => style.note(&label("note")),
    };
    format!("{label}: {}\n", style.strong(&printable_line(&finding.message)))
}

pub(super) fn text(finding: &Finding, check: &Check, comparison: &Comparison, page: Page) -> String {
    let style = page.style;
    let mut text = title(finding, comparison, page);

    let old =
        finding.old.as_ref().and_then(|part| part.location.as_ref()).map(|at| check.old.texts.place(at));
    let new =
        finding.new.as_ref().and_then(|part| part.location.as_ref()).map(|at| comparison.new.texts.place(at));
    let widest = old.iter().chain(&new).map(|place| place.line).max().unwrap_or(0);
    let gutter = widest.to_string().len();
    let mut arrow = "-->";
    let is_component = comparison.is_of_component();
    let (of_old, of_new) = if is_component { ("host", "plugin") } else { ("old", "new") };
    for (place, whose) in [(&new, of_new), (&old, of_old)] {
        if let Some(place) = place {
            text.push_str(&snippet(arrow, place, whose, gutter, page));
            arrow = ":::";
        }
    }

    let mut line = |name: &str, told: &str| {
        let lead = format!("{:gutter$} = {name}: ", "");
        let told = wrapped(&lead, &printable_line(told), page.width);
        write!(text, "{}", told.replacen(&format!("= {name}"), &style.note(&format!("= {name}")), 1))
            .expect("a String takes all");
    };
    for (name, part, place) in [(of_old, &finding.old, &old), (of_new, &finding.new, &new)] {
        if let Some(part) = part
            && !is_in(&part.text, place.as_ref())
        {
            line(name, &cut(&part.text, page));
        }
    }
    match own_place(finding) {
        Some(place) => line("where", &place),
        None if finding.uses.is_empty() => {}
        None => line("used by", &uses(finding, page)),
    }
    // What other plugins would meet does not matter to this one.
    for direction in BOTH.into_iter().filter(|_| !is_component || page.verbose > 0) {
        if let Some(verdict) = finding.verdicts.get(direction)
            && check.report.verdicts().get(direction).is_some()
        {
            line(who(direction, is_component), fate(finding, direction, verdict));
        }
    }
    if is_component {
        line("this plugin", plugin_fate(finding));
    } else {
        line("version", &version(finding.bump, check));
    }
    if let Some(reason) = &finding.overruled {
        line("overruled", reason);
    }
    line("help", &finding.help);
    text
}

/// Whether the line that is shown says it already.
fn is_in(text: &str, place: Option<&TextPlace>) -> bool {
    place.and_then(|place| place.source.as_ref()).is_some_and(|source| source.contains(text))
}

fn cut(text: &str, page: Page) -> String {
    match text.char_indices().nth(LONGEST_TYPE) {
        Some((end, _)) if page.verbose == 0 => format!("{}…", &text[..end]),
        _ => text.to_owned(),
    }
}

/// Whose it is, when the only place that reaches it is itself.
fn own_place(finding: &Finding) -> Option<String> {
    let [only] = finding.uses.as_slice() else { return None };
    let (role, path) = only.split_once(' ')?;
    let owner = path.split_once('#').map_or(path, |(interface, _)| interface);
    let roles = match role {
        "export" => "plugins provide it, and the host calls it",
        _ => "the host provides it, and plugins call it",
    };
    (path == finding.path).then(|| format!("{role} {owner}: {roles}"))
}

fn uses(finding: &Finding, page: Page) -> String {
    let all = finding.uses.len();
    let shown = if page.verbose > 0 || all <= MOST_USES + 1 { all } else { MOST_USES };
    let mut text = finding.uses[..shown].join(", ");
    if shown < all {
        write!(text, ", and {} more (-v lists them)", all - shown).expect("a String takes all");
    }
    text
}

fn plugin_fate(finding: &Finding) -> &'static str {
    match finding.plugin.unwrap_or(finding.verdict()) {
        Verdict::Identical | Verdict::Compatible => "works: it does not touch this",
        verdict => fate(finding, Direction::NewPluginOnOldHost, verdict),
    }
}

/// By how much the version has to rise; how far it did is said at the end.
fn version(bump: Bump, check: &Check) -> String {
    let old = check.report.old().version.as_ref();
    match (bump, old.and_then(|old| next_version(old, bump))) {
        (Bump::None, _) => "may stay".to_owned(),
        (bump, Some(next)) => format!("needs a {bump} version, {next} or later"),
        (bump, None) => {
            format!("needs a {bump} version; the package has none, so nothing tells the two apart")
        }
    }
}
