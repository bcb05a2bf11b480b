//! A line of policy, as text for people.

use std::fmt;

use crate::capability::Capability;
use crate::want::WantScope;

/// A line of a policy file: `net = ["api.example.com:443"]`.
///
/// For a folder it takes one of the same name beside the policy file, for people to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyLine {
    capability: Capability,
    scopes: Vec<String>,
}

impl PolicyLine {
    pub(crate) fn new(capability: Capability, scopes: Vec<String>) -> PolicyLine {
        PolicyLine { capability, scopes }
    }

    /// What would grant the want.
    pub(crate) fn for_want(want: &WantScope) -> PolicyLine {
        let scope = match want {
            WantScope::Fs(fs) => folder(fs.guest.as_str()),
            WantScope::Any(capability) => capability.example().to_owned(),
            other => other.scope().unwrap_or_default(),
        };
        PolicyLine::new(want.capability(), vec![scope])
    }

    /// The capability.
    #[must_use]
    pub fn capability(&self) -> &Capability {
        &self.capability
    }

    /// The head of the table in which the lines of a plugin stand.
    #[must_use]
    pub fn table(plugin: &str) -> String {
        format!("[plugin.{}]", quoted(plugin))
    }

    /// The line below the head of the plugin's table, to be pasted into a policy.
    #[must_use]
    pub fn in_table(&self, plugin: &str) -> String {
        format!("{}\n{self}", PolicyLine::table(plugin))
    }
}

/// A folder named like the path at which a plugin sees it.
pub(crate) fn folder(guest: &str) -> String {
    let name = guest.trim_matches(['/', ' ']);
    let name = if name.is_empty() { "root" } else { name };
    format!("{name} -> {guest}")
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => out.extend(['\\', char]),
            // marks that turn the direction of writing would show another text than is granted
            _ if char.is_control() || char.escape_debug().len() > 2 => {
                let code = u32::from(char);
                out.push_str(&if code > 0xffff {
                    format!("\\U{code:08x}")
                } else {
                    format!("\\u{code:04x}")
                });
            }
            _ => out.push(char),
        }
    }
    out.push('"');
    out
}

impl fmt::Display for PolicyLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.capability.as_str();
        let key = if name.contains(':') { quoted(name) } else { name.to_owned() };
        match self.capability {
            Capability::Log => write!(f, "{key} = true"),
            Capability::Clocks | Capability::Random | Capability::Stdio => {
                let scope = self.scopes.first().map_or("", String::as_str);
                write!(f, "{key} = {}", quoted(scope))
            }
            _ => {
                let scopes: Vec<String> = self.scopes.iter().map(|scope| quoted(scope)).collect();
                write!(f, "{key} = [{}]", scopes.join(", "))
            }
        }
    }
}
