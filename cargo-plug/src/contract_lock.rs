//! `contract.lock`: one version of a contract, kept. Alone it is enough to compare with.

use std::collections::BTreeMap;

use plug_contract::{Contract, ContractHash, Interface, Item, Wit, WitError, WitOptions};
use serde::{Deserialize, Serialize};

use crate::worlds::worlds;

/// The name of the file.
pub(crate) const LOCK_FILE: &str = "contract.lock";
/// The version of the format.
const FORMAT: u32 = 1;
/// The scheme of the hashes.
const SCHEME: &str = "wit1";

/// What the file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ContractLock {
    format: u32,
    /// With its exact version.
    pub(crate) package: String,
    tool: String,
    scheme: String,
    /// Features of `@unstable` items that count in the hashes.
    #[serde(default)]
    pub(crate) features: Vec<String>,
    /// The package and all that it depends on, without documentation.
    pub(crate) wit: String,
    /// SHA-256 of the frozen files.
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    #[serde(default, rename = "world")]
    pub(crate) worlds: Vec<LockedWorld>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LockedWorld {
    pub(crate) name: String,
    pub(crate) hash: String,
    pub(crate) abi: String,
    #[serde(default, rename = "part")]
    pub(crate) parts: Vec<LockedPart>,
}

/// An interface or a function of a world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LockedPart {
    /// With its version track.
    pub(crate) name: String,
    /// With its exact version.
    pub(crate) exact: String,
    /// `import`, `export`, or `optional` for an export that a host uses if it is there.
    pub(crate) role: String,
    pub(crate) hash: String,
    pub(crate) abi: String,
    /// Of an interface: the hash of each function.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) functions: BTreeMap<String, String>,
}

/// A file that is no lock, or contradicts itself.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LockError {
    #[error("it is not UTF-8 text")]
    Encoding,
    #[error("{0}")]
    Syntax(Box<toml::de::Error>),
    #[error("it has the format {0}; this version reads format {FORMAT}")]
    Format(u32),
    #[error("its hashes have the scheme `{0}`; this version knows `{SCHEME}`")]
    Scheme(String),
    #[error("its WIT cannot be read: {0}")]
    Wit(#[from] WitError),
    #[error("it has other hashes than its WIT: the world `{world}` is {actual}")]
    FalseHash { world: String, actual: ContractHash },
}

impl LockError {
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::Format(_) | Self::Scheme(_) => {
                "it may be of a newer tool: update cargo-plug by `cargo install cargo-plug`"
            }
            _ => "take it from the history again, or freeze the version again: `cargo plug contract freeze`",
        }
    }
}

impl ContractLock {
    /// The lock of a package: `plain` was read with `features`, `all` with all.
    pub(crate) fn of(
        plain: &Wit,
        all: &Wit,
        features: &[String],
        files: BTreeMap<String, String>,
    ) -> Result<Self, WitError> {
        let worlds = worlds(plain)
            .into_iter()
            .map(|name| Ok(LockedWorld::of(&plain.contract(Some(&name))?, name)))
            .collect::<Result<_, WitError>>()?;
        Ok(Self {
            format: FORMAT,
            package: plain.package_name(),
            tool: concat!("cargo-plug ", env!("CARGO_PKG_VERSION")).to_owned(),
            scheme: SCHEME.to_owned(),
            features: features.to_vec(),
            wit: all.to_text()?,
            files,
            worlds,
        })
    }

    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, LockError> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let syntax = |error| LockError::Syntax(Box::new(error));
        let text = std::str::from_utf8(bytes).map_err(|_| LockError::Encoding)?;
        let Head { format } = toml::from_str(text).map_err(syntax)?;
        if format != FORMAT {
            return Err(LockError::Format(format));
        }
        let lock: Self = toml::from_str(text).map_err(syntax)?;
        if lock.scheme != SCHEME {
            return Err(LockError::Scheme(lock.scheme));
        }
        Ok(lock)
    }

    /// Whether its WIT has the hashes that it claims.
    pub(crate) fn verify(&self) -> Result<(), LockError> {
        let wit = WitOptions::default().features(&self.features).read_text(LOCK_FILE, &self.wit)?;
        for world in &self.worlds {
            let contract = wit.contract(Some(&world.name))?;
            if LockedWorld::of(&contract, world.name.clone()) != *world {
                return Err(LockError::FalseHash { world: world.name.clone(), actual: contract.hash() });
            }
        }
        Ok(())
    }

    /// Whether it says the same of the contract; which tool wrote it does not matter.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Self { tool: String::new(), ..self.clone() } == Self { tool: String::new(), ..other.clone() }
    }

    pub(crate) fn to_text(&self) -> String {
        let table = toml::to_string_pretty(self).expect("strings and numbers are always TOML");
        format!(
            "# A frozen version of a contract. `cargo plug contract freeze` wrote it; it is not to be \
             edited.\n{table}"
        )
    }
}

impl LockedWorld {
    fn of(contract: &Contract, name: String) -> Self {
        Self {
            name,
            hash: contract.hash().to_string(),
            abi: contract.abi_hash().to_string(),
            parts: parts(contract),
        }
    }
}

/// Everything in a contract that has a hash of its own.
pub(crate) fn parts(contract: &Contract) -> Vec<LockedPart> {
    let interface = |name: &str, role: &str, interface: &Interface| LockedPart {
        name: name.to_owned(),
        exact: interface.exact_id().to_owned(),
        role: role.to_owned(),
        hash: interface.hashes().api.to_string(),
        abi: interface.hashes().abi.to_string(),
        functions: interface
            .functions()
            .iter()
            .map(|(name, function)| (name.clone(), function.hashes().api.to_string()))
            .collect(),
    };
    let item = |name: &str, role: &str, item: &Item| match item {
        Item::Interface(there) => Some(interface(name, role, there)),
        Item::Function(function) => Some(LockedPart {
            name: name.to_owned(),
            exact: name.to_owned(),
            role: role.to_owned(),
            hash: function.hashes().api.to_string(),
            abi: function.hashes().abi.to_string(),
            functions: BTreeMap::new(),
        }),
        Item::Resource(_) | Item::Type(_) => None,
    };
    let imports = contract.imports().filter_map(|(name, there)| item(name, "import", there));
    let exports = contract.exports().filter_map(|(name, there)| item(name, "export", there));
    let optional = contract.optional_exports().map(|(name, there)| interface(name, "optional", there));
    imports.chain(exports).chain(optional).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "package a:b@1.0.0;
        interface i { f: func(); @unstable(feature = later) g: func(); }
        interface o { h: func(); }
        world w { import i; export run: func(); }
        world w-optional { export o; }";

    fn lock() -> ContractLock {
        let plain = Wit::from_text("a.wit", TEXT).unwrap();
        let all = WitOptions::default().all_features().read_text("a.wit", TEXT).unwrap();
        let files = BTreeMap::from([("a.wit".to_owned(), "sha256:0".to_owned())]);
        ContractLock::of(&plain, &all, &[], files).unwrap()
    }

    #[test]
    fn it_survives_the_way_to_text_and_back() {
        let lock = lock();
        let again = ContractLock::parse(lock.to_text().as_bytes()).unwrap();
        assert_eq!(again, lock);
        assert!(again.is_same(&lock));
        again.verify().unwrap();
        let [world] = again.worlds.as_slice() else { panic!("one world") };
        let parts: Vec<_> = world.parts.iter().map(|part| (&*part.role, &*part.name)).collect();
        assert_eq!(parts, [("import", "a:b/i@1"), ("export", "run"), ("optional", "a:b/o@1")]);
        assert_eq!(world.parts[0].functions.len(), 1, "what is unstable does not count");
        assert!(again.wit.contains("@unstable"), "but it is not lost: {}", again.wit);
    }

    #[test]
    fn what_is_no_lock_is_refused() {
        let text = lock().to_text();
        let told = |text: &str| ContractLock::parse(text.as_bytes()).map(drop).unwrap_err().to_string();
        assert!(told("").contains("format"));
        assert_eq!(told("format = 2"), "it has the format 2; this version reads format 1");
        assert!(told(&text.replace("scheme = \"wit1\"", "scheme = \"wit9\"")).contains("`wit9`"));
        let forged = ContractLock::parse(text.replace("h: func()", "h: func(x: u8)").as_bytes()).unwrap();
        assert!(matches!(forged.verify(), Err(LockError::FalseHash { .. })));
        let garbled = ContractLock::parse(text.replace("h: func()", "h: fnuc()").as_bytes()).unwrap();
        assert!(matches!(garbled.verify(), Err(LockError::Wit(_))));
    }
}
