//! A component against a host's contract, as wasmtime 48 would link them.

use super::compare::{Comparison, Difference, Position};
use super::report::{Finding, Report, Verdict};
use crate::model::{Contract, Function, Interface, Item, ResourceId};

/// Whether a component with the actual contract `plugin` runs on a host that serves `host`.
///
/// Imports are judged as used, exports as required: what the plugin does not import cannot break
/// it, and what it exports beyond the contract does no harm. Imports of WASI that the contract
/// does not name are left to the host's capabilities and listed in
/// [`Report::environment`].
#[must_use]
pub fn judge(host: &Contract, plugin: &Contract) -> Report {
    let mut judge = Judge { host, plugin, findings: Vec::new(), environment: Vec::new() };
    judge.imports();
    judge.exports();
    Report {
        host_id: host.id(),
        host_hash: host.hash(),
        plugin_hash: plugin.hash(),
        findings: judge.findings,
        environment: judge.environment,
    }
}

struct Judge<'a> {
    host: &'a Contract,
    plugin: &'a Contract,
    findings: Vec<Finding>,
    environment: Vec<String>,
}

impl Judge<'_> {
    fn imports(&mut self) {
        for (key, wanted) in self.plugin.imports() {
            let exact = match wanted {
                Item::Interface(interface) => Some(interface.exact_id()),
                _ => None,
            };
            let served = served(self.host, key, exact);
            match wanted {
                Item::Interface(interface) if !interface.is_linked() => {}
                Item::Interface(interface) => match served {
                    Some(Item::Interface(theirs)) => self.import_interface(key, theirs, interface),
                    Some(_) => self.other_kind("import", key, "an interface"),
                    None if key.starts_with("wasi:") => {
                        self.environment.push(interface.exact_id().to_owned())
                    }
                    None => self.missing_import(key, "interface", None),
                },
                Item::Function(function) => match served {
                    Some(Item::Function(theirs)) => {
                        self.function(Position::Import, &format!("import {key}"), theirs, function);
                    }
                    Some(_) => self.other_kind("import", key, "a function"),
                    None => self.missing_import(key, "function", Some(function.signature())),
                },
                Item::Resource(_) => {
                    if !matches!(served, Some(Item::Resource(_))) {
                        self.missing_import(key, "resource", None);
                    }
                }
                Item::Type(_) => {}
            }
        }
    }

    fn import_interface(&mut self, key: &str, host: &Interface, plugin: &Interface) {
        for resource in plugin.resources() {
            if !host.resources().contains(resource) {
                self.missing_import(&format!("{key}#{resource}"), "resource", None);
            }
        }
        for (name, function) in plugin.functions() {
            let path = format!("{key}#{name}");
            match host.functions().get(name) {
                Some(theirs) => self.function(Position::Import, &format!("import {path}"), theirs, function),
                None => self.missing_import(&path, "function", Some(function.signature())),
            }
        }
    }

    fn exports(&mut self) {
        for (key, required) in self.host.exports() {
            let exact = match required {
                Item::Interface(interface) => Some(interface.exact_id()),
                _ => None,
            };
            let provided = served_export(self.plugin, key, exact);
            match required {
                Item::Interface(interface) => match provided {
                    Some(Item::Interface(theirs)) => self.export_interface(key, interface, theirs),
                    Some(_) => self.other_kind("export", key, "an interface"),
                    None => self.missing_export(key, "interface", None),
                },
                Item::Function(function) => match provided {
                    Some(Item::Function(theirs)) => {
                        self.function(Position::Export, &format!("export {key}"), function, theirs);
                    }
                    Some(_) => self.other_kind("export", key, "a function"),
                    None => self.missing_export(key, "function", Some(function.signature())),
                },
                // resources and types of an export are never looked up
                Item::Resource(_) | Item::Type(_) => {}
            }
        }
    }

    fn export_interface(&mut self, key: &str, host: &Interface, plugin: &Interface) {
        for (name, function) in host.functions() {
            let path = format!("{key}#{name}");
            match plugin.functions().get(name) {
                Some(theirs) => self.function(Position::Export, &format!("export {path}"), function, theirs),
                None => self.missing_export(&path, "function", Some(function.signature())),
            }
        }
    }

    fn function(&mut self, position: Position, path: &str, host: &Function, plugin: &Function) {
        let (host_world, plugin_world) = (self.host, self.plugin);
        let comparison = Comparison {
            position,
            host_exports: &|resource| exports_resource(host_world, resource),
            plugin_exports: &|resource| exports_resource(plugin_world, resource),
        };
        for difference in comparison.functions(host, plugin) {
            self.differs(path, difference);
        }
    }

    /// One change in a type that many functions use is one finding with many places.
    fn differs(&mut self, path: &str, difference: Difference) {
        let same = self.findings.iter_mut().find(|finding| {
            finding.severity == difference.severity
                && finding.message == difference.message
                && finding.expected.as_ref() == Some(&difference.expected)
                && finding.found.as_ref() == Some(&difference.found)
        });
        if let Some(finding) = same {
            if finding.path != path && !finding.also.iter().any(|place| place == path) {
                finding.also.push(path.to_owned());
            }
            return;
        }
        let help = match difference.severity {
            Verdict::Breaking => format!(
                "rebuild the plugin against {}, or let the host serve the contract it was built for beside its own",
                self.host.id()
            ),
            _ => format!("the linker accepts it; rebuild the plugin against {} to be sure", self.host.id()),
        };
        self.findings.push(Finding {
            severity: difference.severity,
            path: path.to_owned(),
            message: difference.message,
            expected: Some(difference.expected),
            found: Some(difference.found),
            help,
            also: Vec::new(),
        });
    }

    fn missing_import(&mut self, path: &str, what: &str, found: Option<String>) {
        let help = match other_track(self.host.imports().map(|(key, _)| key), path) {
            Some(other) => {
                format!("the host serves `{other}`: versions link only on one track; rebuild against it")
            }
            None => format!(
                "let the plugin do without it, or use a host whose contract has it (this one is {})",
                self.host.id()
            ),
        };
        self.push(
            format!("import {path}"),
            format!("the plugin needs the {what}, and the host does not have it"),
            None,
            found,
            help,
        );
    }

    fn missing_export(&mut self, path: &str, what: &str, expected: Option<String>) {
        let help = match other_track(self.plugin.exports().map(|(key, _)| key), path) {
            Some(other) => format!(
                "the plugin exports `{other}`: versions link only on one track; rebuild it against {}",
                self.host.id()
            ),
            None => format!("implement it in the plugin, built against {}", self.host.id()),
        };
        self.push(
            format!("export {path}"),
            format!("the host needs the {what}, and the plugin does not export it"),
            expected,
            None,
            help,
        );
    }

    fn other_kind(&mut self, side: &str, key: &str, what: &str) {
        let help = format!("rebuild the plugin against {}", self.host.id());
        self.push(format!("{side} {key}"), format!("it is {what} on one side only"), None, None, help);
    }

    fn push(
        &mut self,
        path: String,
        message: String,
        expected: Option<String>,
        found: Option<String>,
        help: String,
    ) {
        self.findings.push(Finding {
            severity: Verdict::Breaking,
            path,
            message,
            expected,
            found,
            help,
            also: Vec::new(),
        });
    }
}

/// Wasmtime takes the exact version if the host has it, else the highest on the track.
fn served<'a>(host: &'a Contract, key: &str, exact: Option<&str>) -> Option<&'a Item> {
    exact_or(host.imports(), key, exact).or_else(|| host.import(key))
}

fn served_export<'a>(plugin: &'a Contract, key: &str, exact: Option<&str>) -> Option<&'a Item> {
    exact_or(plugin.exports(), key, exact).or_else(|| plugin.export(key))
}

fn exact_or<'a>(
    mut items: impl Iterator<Item = (&'a str, &'a Item)>,
    key: &str,
    exact: Option<&str>,
) -> Option<&'a Item> {
    let exact = exact?;
    items.find_map(|(name, item)| match item {
        Item::Interface(interface) if name == key && interface.exact_id() == exact => Some(item),
        _ => None,
    })
}

fn exports_resource(world: &Contract, resource: &ResourceId) -> bool {
    match world.export(&resource.interface) {
        Some(Item::Interface(interface)) => interface.resources().contains(&resource.name),
        _ => false,
    }
}

/// The same interface in another version, if there is one.
fn other_track<'a>(mut keys: impl Iterator<Item = &'a str>, path: &str) -> Option<&'a str> {
    let plain = path.split('#').next()?.split('@').next()?;
    let own = path.split('#').next()?;
    keys.find(|key| *key != own && key.split('@').next() == Some(plain))
}
