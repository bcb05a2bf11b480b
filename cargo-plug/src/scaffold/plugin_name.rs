//! Names that cargo, its package registry and every file system take.

use heck::{ToKebabCase, ToUpperCamelCase};

use super::ScaffoldError;

/// The name of a plugin, which is the name of its package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PluginName(String);

const LONGEST: usize = 64;

/// As the reference lists them; cargo takes none as a package name.
const KEYWORDS: [&str; 53] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield", "union",
];

/// Crates that every Rust program sees, folders of cargo's own, and the SDK that the plugin uses.
const TAKEN: [&str; 12] = [
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "incremental",
    "plug-guest-sdk",
    "plug_guest_sdk",
    "proc-macro",
    "proc_macro",
    "std",
    "test",
];

/// Windows keeps these for devices, in any case of letters.
const DEVICES: [&str; 22] = [
    "aux", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
];

impl PluginName {
    pub(crate) fn parse(text: &str) -> Result<Self, ScaffoldError> {
        match objection(text) {
            None => Ok(Self(text.to_owned())),
            Some(objection) => {
                let proposal = text.to_kebab_case();
                Err(ScaffoldError::Name {
                    name: text.to_owned(),
                    objection,
                    proposal: objection_free(proposal),
                })
            }
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The Rust type that implements the plugin, which must not have one of the names in `taken`.
    pub(crate) fn type_name(&self, taken: &dyn Fn(&str) -> bool) -> String {
        let mut name = self.0.to_upper_camel_case();
        while taken(&name) {
            name.insert_str(0, "My");
        }
        name
    }
}

fn objection_free(proposal: String) -> Option<String> {
    objection(&proposal).is_none().then_some(proposal)
}

fn objection(name: &str) -> Option<String> {
    let Some(first) = name.chars().next() else {
        return Some("it is empty".to_owned());
    };
    if let Some(odd) = name.chars().find(|c| !(c.is_ascii_alphanumeric() || *c == '-' || *c == '_')) {
        return Some(format!("it contains `{}`", odd.escape_debug()));
    }
    if !first.is_ascii_alphabetic() {
        return Some(format!("it begins with `{first}`, not with a letter"));
    }
    if name.len() > LONGEST {
        return Some(format!("it has {} characters, and {LONGEST} are allowed", name.len()));
    }
    if KEYWORDS.contains(&name) {
        return Some("it is a keyword of Rust".to_owned());
    }
    if TAKEN.contains(&name) {
        return Some("it would hide something that Rust or cargo calls so".to_owned());
    }
    if DEVICES.contains(&name.to_ascii_lowercase().as_str()) {
        return Some("Windows keeps it for a device".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_taken() {
        for name in ["hello", "image-filter", "a_b", "x2", "CamelCase"] {
            assert_eq!(PluginName::parse(name).map(|n| n.0).ok().as_deref(), Some(name));
        }
    }

    #[test]
    fn others_are_refused_with_a_proposal_where_there_is_one() {
        for (name, proposal) in [
            ("", None),
            ("Hello World", Some("hello-world")),
            ("größe", None),
            ("a/b", Some("a-b")),
            ("../x", Some("x")),
            ("2d", None),
            ("-x", Some("x")),
            ("match", None),
            ("test", None),
            ("CON", None),
            ("a\0b", Some("a-b")),
            ("plug-guest-sdk", None),
        ] {
            match PluginName::parse(name) {
                Err(ScaffoldError::Name { proposal: found, .. }) => {
                    assert_eq!(found.as_deref(), proposal, "{name:?}");
                }
                other => panic!("{name:?}: {other:?}"),
            }
        }
        assert!(PluginName::parse(&"x".repeat(65)).is_err());
    }

    #[test]
    fn the_type_avoids_names_that_are_taken() {
        let name = PluginName::parse("plugin").unwrap();
        assert_eq!(name.type_name(&|n| n == "Plugin"), "MyPlugin");
        let name = PluginName::parse("image_filter-2").unwrap();
        assert_eq!(name.type_name(&|_| false), "ImageFilter2");
    }
}
