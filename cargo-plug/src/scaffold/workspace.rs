//! The workspace that a new plugin falls into, by cargo's rules.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Item, Table, Value};

use super::ScaffoldError;
use super::sdk::relative_path;

/// A workspace whose root is above the new plugin and does not exclude it.
#[derive(Debug)]
pub(crate) struct Enclosing {
    manifest: PathBuf,
    /// The manifest with the new member; `None` when a pattern in it covers the plugin.
    edited: Option<String>,
    has_profile: bool,
}

/// A manifest that has a new member.
#[derive(Debug)]
pub(crate) struct Joined {
    pub(crate) manifest: PathBuf,
    /// Whether it says anything about the profile `release`.
    pub(crate) has_profile: bool,
}

impl Enclosing {
    /// Looks upwards from `plugin`, an absolute path that need not exist.
    pub(crate) fn of(plugin: &Path) -> Result<Option<Self>, ScaffoldError> {
        for folder in plugin.ancestors().skip(1) {
            let manifest = folder.join("Cargo.toml");
            let Ok(text) = fs::read_to_string(&manifest) else { continue };
            let Ok(mut document) = text.parse::<DocumentMut>() else { continue };
            let has_profile =
                document.get("profile").is_some_and(|profiles| profiles.get("release").is_some());
            let Some(workspace) = document.get_mut("workspace").and_then(Item::as_table_mut) else {
                continue;
            };
            let relative = relative_path(folder, plugin);
            if strings(workspace, "exclude").any(|excluded| relative.starts_with(&excluded)) {
                continue;
            }
            if strings(workspace, "members").any(|pattern| covers(&pattern, &relative)) {
                return Ok(Some(Self { manifest, edited: None, has_profile }));
            }
            let member = relative.display().to_string().replace('\\', "/");
            if !push(workspace, &member) {
                return Err(ScaffoldError::Workspace {
                    manifest,
                    objection: "its `members` are no list".to_owned(),
                });
            }
            return Ok(Some(Self { manifest, edited: Some(document.to_string()), has_profile }));
        }
        Ok(None)
    }

    /// The folder of the workspace.
    pub(crate) fn root(&self) -> &Path {
        self.manifest.parent().unwrap_or(&self.manifest)
    }

    pub(crate) fn manifest(&self) -> &Path {
        &self.manifest
    }

    /// The manifest of the member that has this name. Members that are such only because another
    /// one depends on them are not looked for.
    pub(crate) fn member_named(&self, name: &str) -> Option<PathBuf> {
        let document: DocumentMut = fs::read_to_string(&self.manifest).ok()?.parse().ok()?;
        let workspace = document.get("workspace").and_then(Item::as_table)?;
        let mut folders = vec![self.root().to_owned()];
        folders.extend(strings(workspace, "members").flat_map(|pattern| expand(self.root(), &pattern)));
        folders.into_iter().map(|folder| folder.join("Cargo.toml")).find(|manifest| {
            let package = fs::read_to_string(manifest).ok().and_then(|text| text.parse::<DocumentMut>().ok());
            package.is_some_and(|package| {
                package.get("package").and_then(|package| package.get("name")?.as_str()) == Some(name)
            })
        })
    }

    /// Enters the plugin.
    pub(crate) fn join(self) -> Result<Joined, ScaffoldError> {
        let Self { manifest, edited, has_profile } = self;
        match edited.map_or(Ok(()), |edited| crate::atomic_file::write(&manifest, edited.as_bytes())) {
            Ok(()) => Ok(Joined { manifest, has_profile }),
            Err(source) => Err(ScaffoldError::Write { path: manifest, source }),
        }
    }
}

fn strings(workspace: &Table, key: &str) -> impl Iterator<Item = String> {
    let values: Vec<_> = workspace
        .get(key)
        .and_then(Item::as_array)
        .into_iter()
        .flatten()
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect();
    values.into_iter()
}

/// Adds `member` in the form that the list has: one a line, or all on one.
fn push(workspace: &mut Table, member: &str) -> bool {
    let members = workspace.entry("members").or_insert_with(|| Item::Value(Value::Array(Array::new())));
    let Some(members) = members.as_array_mut() else { return false };
    let mut value = Value::from(member);
    if let Some(last) = members.iter().last() {
        *value.decor_mut() = last.decor().clone();
        if let Some(prefix) = last.decor().prefix().and_then(|raw| raw.as_str())
            && prefix.contains('\n')
        {
            // A comment above the last member belongs to that one alone.
            let indent = prefix.rsplit('\n').next().unwrap_or_default();
            value.decor_mut().set_prefix(format!("\n{indent}"));
        } else {
            value.decor_mut().set_prefix(" ");
        }
    }
    members.push_formatted(value);
    true
}

/// The folders below `root` that `pattern` covers.
fn expand(root: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut folders = vec![root.to_owned()];
    for part in pattern.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if !part.contains('*') {
            folders.iter_mut().for_each(|folder| folder.push(part));
            continue;
        }
        let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
        let mut found: Vec<_> = entries
            .filter(|entry| matches(part, &entry.file_name().to_string_lossy()))
            .map(|entry| entry.path())
            .collect();
        found.sort();
        folders = found;
    }
    folders
}

/// Whether `path` is what `pattern` says, `*` standing for any part of a name.
fn covers(pattern: &str, path: &Path) -> bool {
    let names: Vec<_> = path.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    let parts: Vec<_> = pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    parts.len() == names.len() && parts.iter().zip(&names).all(|(part, name)| matches(part, name))
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len()).filter(|&at| rest.is_char_boundary(at)).any(|at| matches(after, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(manifest: &str, plugin: &str) -> Option<String> {
        let temp = tempfile::tempdir().unwrap();
        fs::write(temp.path().join("Cargo.toml"), manifest).unwrap();
        let enclosing = Enclosing::of(&temp.path().join(plugin)).unwrap()?;
        enclosing.join().unwrap();
        Some(fs::read_to_string(temp.path().join("Cargo.toml")).unwrap())
    }

    #[test]
    fn a_plugin_is_entered_in_the_form_of_the_list() {
        assert_eq!(
            joined("[workspace]\nmembers = [\"a\", \"b\"]\n", "plugins/x").unwrap(),
            "[workspace]\nmembers = [\"a\", \"b\", \"plugins/x\"]\n"
        );
        assert_eq!(
            joined("[workspace] # mine\nmembers = [\n    # one\n    \"a\",\n]\n", "x").unwrap(),
            "[workspace] # mine\nmembers = [\n    # one\n    \"a\",\n    \"x\",\n]\n"
        );
        assert_eq!(joined("[workspace]\n", "x").unwrap(), "[workspace]\nmembers = [\"x\"]\n");
    }

    #[test]
    fn one_that_a_pattern_covers_changes_nothing() {
        let manifest = "[workspace]\nmembers = [\"plugins/*\"]\n";
        assert_eq!(joined(manifest, "plugins/x").unwrap(), manifest);
        assert_ne!(joined(manifest, "plugins/x/y").unwrap(), manifest);
    }

    #[test]
    fn one_that_is_excluded_is_outside() {
        assert_eq!(joined("[workspace]\nexclude = [\"plugins\"]\n", "plugins/x"), None);
        assert_eq!(joined("[package]\nname = \"a\"\n", "x"), None);
    }

    #[test]
    fn members_are_found_by_their_names() {
        let temp = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            fs::create_dir_all(temp.path().join(path)).unwrap();
            fs::write(temp.path().join(path).join("Cargo.toml"), text).unwrap();
        };
        write("", "[workspace]\nmembers = [\"./a\", \"p*/*\", \"gone\"]\n[package]\nname = \"root\"\n");
        write("a", "[package]\nname = \"one\"\n");
        write("plugins/b", "[package]\nname = \"two\"\n");
        write("plugins/c", "no TOML");
        write("elsewhere", "[package]\nname = \"three\"\n");
        let enclosing = Enclosing::of(&temp.path().join("x")).unwrap().unwrap();
        let found = |name: &str| {
            let manifest = enclosing.member_named(name)?;
            Some(manifest.strip_prefix(temp.path()).unwrap().display().to_string())
        };
        assert_eq!(found("root").as_deref(), Some("Cargo.toml"));
        assert_eq!(found("one").as_deref(), Some("a/Cargo.toml"));
        assert_eq!(found("two").as_deref(), Some("plugins/b/Cargo.toml"));
        assert_eq!(found("three"), None);
    }

    #[test]
    fn a_list_that_is_none_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        fs::write(temp.path().join("Cargo.toml"), "[workspace]\nmembers = 1\n").unwrap();
        assert!(matches!(Enclosing::of(&temp.path().join("x")), Err(ScaffoldError::Workspace { .. })));
    }

    #[test]
    fn patterns() {
        for (pattern, path, yes) in [
            ("*", "x", true),
            ("a*c", "abc", true),
            ("a*c", "abd", false),
            ("*/p", "x/p", true),
            ("./x", "x", true),
            ("x", "x/y", false),
        ] {
            assert_eq!(covers(pattern, Path::new(path)), yes, "{pattern} {path}");
        }
    }
}
