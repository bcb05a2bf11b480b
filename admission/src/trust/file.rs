//! The text of a trust file.

use std::collections::BTreeSet;

use plug_policy::{FileMistakes, Pattern};
use serde::Deserialize;
use toml::Spanned;

use super::whole::{Trust, TrustedKey};
use crate::file::{FileError, FileKind};
use crate::key::PublicKey;
use crate::name::shown;

pub(super) static TRUST: FileKind = FileKind {
    name: "trust file",
    unreadable: "PLG1103",
    wrong: "PLG1104",
    form: "a key is written so: `[[key]]`, and below it `name = \"acme\"`, `public-key = \"RW…\"`, `plugins = [\"acme-*\"]`",
};

/// As many keys as a file may have.
const MAX_KEYS: usize = 256;
/// As many patterns as a key may have.
const MAX_PLUGINS: usize = 256;
/// The longest name of a key.
const LONGEST_NAME: usize = 128;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    #[serde(default)]
    key: Vec<Spanned<KeyText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct KeyText {
    name: Spanned<String>,
    public_key: Spanned<String>,
    plugins: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    revoked: bool,
}

pub(super) fn parse(file: &str, text: &str) -> Result<Trust, FileError> {
    let mut reader = Reader { mistakes: FileMistakes::new(text), names: BTreeSet::new() };
    let trust = match toml::from_str::<Whole>(text) {
        Ok(whole) => reader.whole(whole),
        Err(error) => {
            TRUST.note(&mut reader.mistakes, &error);
            Trust::new()
        }
    };
    TRUST.wrong(file, reader.mistakes).map_or(Ok(trust), Err)
}

struct Reader<'a> {
    mistakes: FileMistakes<'a>,
    names: BTreeSet<String>,
}

impl Reader<'_> {
    fn wrong<T>(&mut self, at: &Spanned<T>, what: impl Into<String>, help: impl Into<String>) {
        self.mistakes.note(TRUST.wrong, at.span(), what, help);
    }

    fn whole(&mut self, whole: Whole) -> Trust {
        if let Some(first_too_many) = whole.key.get(MAX_KEYS) {
            let what = format!("there are {} keys", whole.key.len());
            self.wrong(first_too_many, what, format!("there may be {MAX_KEYS}"));
            return Trust::new();
        }
        whole.key.into_iter().fold(Trust::new(), |trust, key| {
            let KeyText { name, public_key, plugins, revoked } = key.into_inner();
            self.name(&name);
            let read = public_key.get_ref().parse::<PublicKey>();
            if let Err(error) = &read {
                self.wrong(&public_key, error.to_string(), error.help());
            }
            let plugins = self.plugins(&plugins);
            let Ok(key) = read else { return trust };
            if let Some(other) = trust.key(key.id()) {
                let what = format!("the key {} stands here twice, as `{}` too", key.id(), shown(&other.name));
                self.wrong(&public_key, what, "keep one of the two");
            }
            trust.with(TrustedKey { name: name.into_inner(), key, plugins, revoked })
        })
    }

    fn name(&mut self, name: &Spanned<String>) {
        let text = name.get_ref();
        if text.is_empty() || text.len() > LONGEST_NAME || text.chars().any(char::is_control) {
            let what = format!("`{}` cannot be the name of a key", shown(text));
            let help = format!("write 1 to {LONGEST_NAME} bytes, without control characters");
            self.wrong(name, what, help);
        } else if !self.names.insert(text.clone()) {
            let what = format!("two keys have the name `{}`", shown(text));
            self.wrong(name, what, "give one of them another name, such as one with a year in it");
        }
    }

    fn plugins(&mut self, plugins: &Spanned<Vec<Spanned<String>>>) -> Vec<Pattern> {
        let list = plugins.get_ref();
        if list.len() > MAX_PLUGINS {
            let what = format!("there are {} names of plugins", list.len());
            self.wrong(
                plugins,
                what,
                format!("there may be {MAX_PLUGINS}; a `*` at the end stands for many"),
            );
            return Vec::new();
        }
        list.iter()
            .filter_map(|text| {
                let read = text.get_ref().parse::<Pattern>();
                read.map_err(|error| {
                    self.wrong(text, error.what(), "write a name, or its beginning and a `*`: `acme-*`");
                })
                .ok()
            })
            .collect()
    }
}
