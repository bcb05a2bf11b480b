//! Keys, signatures and pins.

use std::error::Error;

use plug_admission::{Admitted, Pin, Refused, Signer, Stage};
use plug_policy::Difference;

use super::printable::{printable_line, short_line};
use super::sheet::Sheet;
use crate::commands::keygen::Keys;
use crate::commands::lock::{Change, LockReport};
use crate::commands::sign::Signed;
use crate::commands::verify::Verification;
use crate::report::style::Style;

pub(in crate::report) fn keys(keys: &Keys, style: Style) -> String {
    let mut sheet = Sheet::new(&format!("key {}", keys.id), style);
    let protection = if keys.has_password { "with a password" } else { "without a password" };
    sheet.line("secret", &format!("{}, {protection}", keys.files.secret_file));
    sheet.line("public", &keys.files.public_file);
    sheet.line("trust", "who loads your plugins writes into a trust file:");
    let entry = [
        "[[key]]".to_owned(),
        "name = \"YOUR NAME\"".to_owned(),
        format!("public-key = \"{}\"", keys.files.public),
        "plugins = [\"YOUR-PLUGIN\"]".to_owned(),
    ];
    sheet.lines("", entry);
    sheet.text
}

pub(in crate::report) fn signed(signed: &Signed, style: Style) -> String {
    let mut sheet = Sheet::new(&signed.signature_file, style);
    sheet.line("of", &signed.file);
    sheet.line("plugin", &signed.plugin);
    sheet.line("digest", &signed.digest.to_string());
    sheet.line("key", &signed.key.to_string());
    sheet.text
}

pub(in crate::report) fn verification(verification: &Verification, style: Style) -> String {
    let mut text = String::new();
    for plugin in &verification.plugins {
        let mut sheet = Sheet::new(&format!("{}  {}", plugin.name, plugin.file), style);
        match &plugin.verdict {
            Ok(admitted) => self::admitted(&mut sheet, admitted),
            Err(refused) => self::refused(&mut sheet, refused),
        }
        text.push_str(&sheet.text);
    }
    text
}

fn admitted(sheet: &mut Sheet, admitted: &Admitted) {
    sheet.line("digest", &admitted.digest.to_string());
    sheet.line("signer", &signer(admitted.signer.as_ref()));
    sheet.line("pinned", if admitted.is_pinned { "yes" } else { "not asked" });
    sheet.styled_line("verdict", &sheet.style.good("admitted"));
}

fn refused(sheet: &mut Sheet, refused: &Refused) {
    for failure in refused.failures() {
        let told =
            format!("{}: {}", sheet.style.error(&format!("error[{}]", failure.code())), short(failure));
        let stage = match failure.stage() {
            Stage::Capabilities => "wants".to_owned(),
            other => other.to_string(),
        };
        sheet.styled_line(&stage, &told);
        let mut next = Error::source(failure);
        while let Some(cause) = next {
            sheet.line("", &format!("  because: {}", short(cause)));
            next = cause.source();
        }
        sheet.lines("", failure.help().into_iter().map(|help| format!("  help: {help}")));
    }
    sheet.styled_line("verdict", &sheet.style.error("refused"));
}

/// Messages hold digests, hashes and lists: longer than a name may be, and still bounded.
fn short(error: &dyn Error) -> String {
    printable_line(&error.to_string())
}

fn signer(signer: Option<&Signer>) -> String {
    match signer {
        None => "nobody".to_owned(),
        Some(Signer { key, name }) => format!("{} ({key})", short_line(name)),
    }
}

pub(in crate::report) fn locked(report: &LockReport, style: Style) -> String {
    let mut text = String::new();
    for plugin in &report.plugins {
        let mut sheet = Sheet::new(&format!("{}  {}", plugin.name, plugin.file), style);
        match &plugin.verdict {
            Ok(change) => self::change(&mut sheet, change, report.is_pinned),
            Err(refused) => self::refused(&mut sheet, refused),
        }
        text.push_str(&sheet.text);
    }
    if !report.is_pinned {
        text.push_str(&format!(
            "\n{} is as it was: nothing is pinned unless all is\n",
            short_line(&report.lock)
        ));
    }
    text
}

fn change(sheet: &mut Sheet, change: &Change, is_pinned: bool) {
    let Change { old, new, .. } = change;
    let was = |sheet: &mut Sheet, name: &str, of: &dyn Fn(&Pin) -> String| {
        sheet.line(name, &of(new));
        if let Some(old) = old.as_ref().map(of).filter(|old| *old != of(new)) {
            sheet.line("", &format!("was {old}"));
        }
    };
    was(sheet, "digest", &|pin| pin.digest.to_string());
    was(sheet, "contract", &|pin| pin.contract.to_string());
    was(sheet, "signer", &|pin| signer(pin.signer.as_ref()));
    if change.wants.is_empty() {
        sheet.line("wants", "nothing");
    }
    sheet.lines(
        "wants",
        change.wants.iter().map(|want| {
            let optional = if want.required { "" } else { " (optional)" };
            format!("{}{optional}: {}", short_line(&want.scope.to_string()), short_line(&want.reason))
        }),
    );
    let texts = |gains: &[Difference]| gains.iter().map(|gain| gain.text.clone()).collect::<Vec<_>>();
    sheet.lines("gains", texts(&change.gains));
    sheet.lines("loses", texts(&change.losses));
    let verdict = match (change.is_wider, change.has_other_signer) {
        (true, true) => sheet.style.error(
            "open: it wants more, and has another signer; agree by --accept-capabilities and --accept-signer",
        ),
        (true, false) => {
            sheet.style.error("open: it wants more than was pinned; agree by --accept-capabilities")
        }
        (false, true) => {
            sheet.style.error("open: it has not the signer that was pinned; agree by --accept-signer")
        }
        (false, false) if !is_pinned => "fine".to_owned(),
        (false, false) => sheet.style.good(match old {
            None => "pinned",
            Some(old) if old == new => "pinned as before",
            Some(_) => "pinned anew",
        }),
    };
    sheet.styled_line("verdict", &verdict);
}
