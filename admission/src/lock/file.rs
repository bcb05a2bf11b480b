//! The text of a lock.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use plug_policy::{FileMistakes, WantScope};
use serde::Deserialize;
use toml::Spanned;

use super::pin::Pin;
use super::whole::LOCK_FORMAT;
use crate::file::{FileError, FileKind};
use crate::name::{check_name, shown};
use crate::signature::Signer;

pub(super) static LOCK: FileKind = FileKind {
    name: "lock",
    unreadable: "PLG1101",
    wrong: "PLG1102",
    form: "take it from the history again, or write it again by `cargo plug lock`",
};

#[derive(Deserialize)]
struct Head {
    format: Spanned<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    #[expect(dead_code, reason = "read before all else, from `Head`")]
    format: u32,
    #[serde(default)]
    plugin: BTreeMap<Spanned<String>, PinText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PinText {
    digest: Spanned<String>,
    contract: Spanned<String>,
    capabilities: Vec<Spanned<String>>,
    signer: Option<SignerText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignerText {
    key: Spanned<String>,
    name: String,
}

pub(super) fn parse(file: &str, text: &str) -> Result<BTreeMap<String, Pin>, FileError> {
    let mut mistakes = FileMistakes::new(text);
    let pins = read(text, &mut mistakes);
    LOCK.wrong(file, mistakes).map_or(Ok(pins), Err)
}

fn read(text: &str, mistakes: &mut FileMistakes<'_>) -> BTreeMap<String, Pin> {
    // what a newer format means is not known, however much of it looks familiar
    match toml::from_str::<Head>(text) {
        Ok(Head { format }) if *format.get_ref() != LOCK_FORMAT => {
            let what = format!("it has the format {}; this version reads {LOCK_FORMAT}", format.get_ref());
            let help = "it is of a newer tool: update cargo-plug, and the host";
            mistakes.note(LOCK.wrong, format.span(), what, help);
            return BTreeMap::new();
        }
        Ok(_) => {}
        Err(error) => {
            LOCK.note(mistakes, &error);
            return BTreeMap::new();
        }
    }
    match toml::from_str::<Whole>(text) {
        Ok(whole) => whole
            .plugin
            .into_iter()
            .filter_map(|(name, pin)| {
                if let Err(error) = check_name(name.get_ref()) {
                    let what = format!("`{}` is no name of a plugin: {error}", shown(name.get_ref()));
                    mistakes.note(LOCK.wrong, name.span(), what, LOCK.form);
                }
                Some((name.into_inner(), self::pin(pin, mistakes)?))
            })
            .collect(),
        Err(error) => {
            LOCK.note(mistakes, &error);
            BTreeMap::new()
        }
    }
}

fn pin(text: PinText, mistakes: &mut FileMistakes<'_>) -> Option<Pin> {
    let digest = parsed(&text.digest, mistakes);
    let contract = parsed(&text.contract, mistakes);
    let wants: Vec<Option<WantScope>> = text.capabilities.iter().map(|want| parsed(want, mistakes)).collect();
    let signer = match text.signer {
        None => Some(None),
        Some(signer) => parsed(&signer.key, mistakes).map(|key| Some(Signer { key, name: signer.name })),
    };
    Some(Pin {
        digest: digest?,
        contract: contract?,
        capabilities: wants.into_iter().collect::<Option<_>>()?,
        signer: signer?,
    })
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
    text: &Spanned<String>,
    mistakes: &mut FileMistakes<'_>,
) -> Option<T> {
    text.get_ref()
        .parse()
        .map_err(|error: T::Err| mistakes.note(LOCK.wrong, text.span(), error.to_string(), LOCK.form))
        .ok()
}

/// Written here and not by a serialiser: a change of one pin changes its own lines and no other's.
pub(super) fn text(pins: &BTreeMap<String, Pin>) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let mut out = format!(
        "# Written by `cargo plug lock`. Nothing is loaded but what stands here.\nformat = {LOCK_FORMAT}\n"
    );
    for (name, pin) in pins {
        let Pin { digest, contract, capabilities, signer } = pin;
        let mut table =
            format!("\n[plugin.{}]\ndigest = \"{digest}\"\ncontract = \"{contract}\"\n", quoted(name));
        if capabilities.is_empty() {
            table.push_str("capabilities = []\n");
        } else {
            table.push_str("capabilities = [\n");
            for want in capabilities {
                writeln!(table, "    {},", quoted(&want.to_string())).expect("a String takes all");
            }
            table.push_str("]\n");
        }
        if let Some(Signer { key, name }) = signer {
            writeln!(table, "signer = {{ key = \"{key}\", name = {} }}", quoted(name))
                .expect("a String takes all");
        }
        out.push_str(&table);
    }
    out
}
