//! The plugins of a folder, under the names by which they are loaded.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// The one that uses what it was granted.
pub const GOOD: &str = "diligent";

/// The plugin that does harm of several kinds, and what its configuration can tell it to do.
const ROGUE: &str = "rogue";
const KINDS: [&str; 8] = ["abort", COME_AND_GO, "emit", "log", "recurse", "refuse", "talk", "wait"];

/// Nothing, but to be loaded and unloaded all the time.
pub const COME_AND_GO: &str = "come-and-go";

/// A plugin of a folder.
#[derive(Debug, Clone)]
pub struct Stranger {
    pub name: String,
    pub file: PathBuf,
    /// What it is configured to do, if it asks for that.
    pub does: Option<&'static str>,
}

/// The components of a folder, by name; the rogue once for each thing that it does.
pub fn strangers(folder: &Path) -> anyhow::Result<Vec<Stranger>> {
    let entries = folder.read_dir().with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "wasm")
            && let Some(name) = file.file_stem().and_then(|name| name.to_str())
        {
            if name == ROGUE {
                found.extend(KINDS.map(|kind| Stranger {
                    name: format!("{ROGUE}-{kind}"),
                    file: file.clone(),
                    does: Some(kind),
                }));
            } else {
                found.push(Stranger { name: name.to_owned(), file: file.clone(), does: None });
            }
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    anyhow::ensure!(!found.is_empty(), "{} has no plugins", folder.display());
    Ok(found)
}
