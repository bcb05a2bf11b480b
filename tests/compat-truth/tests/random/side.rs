//! A world with the hosts and plugins that are made of it.

use std::fmt;

use plug_compat_truth::{Error, Host, Imports, Plugin, World};
use plug_contract::{Contract, Edition};

use crate::judged::{self, Bindings};
use crate::noise::Noise;

/// More optional exports make more plugins than are worth it: one for each selection of them.
const MAX_OPTIONAL: usize = 3;

/// Why a seed gave no pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dropped {
    /// The generator made no world of more than one item.
    NoWorld,
    /// The world cannot be written as WIT, or not be read again.
    Wit,
    /// No host can be written for it.
    Inexpressible,
    /// The encoder makes no component of it.
    Encoder,
    /// The engine does not take the component.
    Engine,
    /// It has more optional exports than are tried.
    ManyOptional,
}

impl From<Error> for Dropped {
    fn from(why: Error) -> Dropped {
        match why {
            Error::Wit(_) | Error::Optional(_) => Dropped::Wit,
            Error::NeedsConcurrent | Error::Inexpressible(_) => Dropped::Inexpressible,
            Error::Plugin(_) => Dropped::Encoder,
            _ => Dropped::Engine,
        }
    }
}

/// A host, and the contract that it has.
pub(crate) struct Hosting {
    pub(crate) bindings: Bindings,
    pub(crate) edition: Edition,
    pub(crate) host: Host,
}

/// A plugin, and the contract of the component that it is.
pub(crate) struct Plugged {
    pub(crate) plugin: Plugin,
    pub(crate) contract: Contract,
    /// It calls all that its world imports.
    pub(crate) calls_all: bool,
    /// It takes types from an optional interface that it does not export, and so imports it. The
    /// verdict on two contracts does not speak of such a plugin; the one on its component does.
    pub(crate) is_open: bool,
    imports: Imports,
    optional: Vec<String>,
}

impl Plugged {
    fn new(world: &World, imports: Imports, optional: Vec<String>) -> Result<Plugged, Dropped> {
        let plugin = Plugin::with_optional(world, imports, &optional)?;
        let contract = plugin.contract().unwrap();
        let whole = world.contract().map_err(Error::from)?;
        let is_open = contract
            .imports()
            .any(|(key, _)| whole.optional_export(key).is_some() && whole.import(key).is_none());
        Ok(Plugged { plugin, contract, calls_all: imports == Imports::All, is_open, imports, optional })
    }
}

impl fmt::Display for Plugged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "plugin that calls {:?}", self.imports)?;
        if self.optional.is_empty() { Ok(()) } else { write!(f, " and exports {}", self.optional.join(", ")) }
    }
}

pub(crate) struct Side {
    pub(crate) text: String,
    pub(crate) hosts: Vec<Hosting>,
    pub(crate) plugins: Vec<Plugged>,
    pub(crate) has_optional: bool,
}

impl Side {
    pub(crate) fn new(world: &World, text: String, noise: &mut Noise) -> Result<Side, Dropped> {
        let optional = world.optional_exports()?;
        if optional.len() > MAX_OPTIONAL {
            return Err(Dropped::ManyOptional);
        }
        let mut hosts = Vec::new();
        let edition = judged::edition(world, Bindings::Wasmtime);
        // `bindgen!` knows nothing of optional exports: no host of its kind looks at them
        if edition.host().optional_exports().next().is_none() {
            hosts.push(Hosting { bindings: Bindings::Wasmtime, edition, host: Host::new(world)? });
        }
        let edition = judged::edition(world, Bindings::Plug);
        hosts.push(Hosting { bindings: Bindings::Plug, edition, host: Host::of_plug_host(world)? });

        let chosen = |mask: usize| -> Vec<String> {
            let bits = optional.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1);
            bits.map(|(_, name)| name.clone()).collect()
        };
        let masks = 1 << optional.len();
        let mut plugins = (0..masks)
            .map(|mask| Plugged::new(world, Imports::All, chosen(mask)))
            .collect::<Result<Vec<_>, _>>()?;
        let few = if noise.below(3) == 0 { Imports::None } else { Imports::Some(noise.next()) };
        plugins.push(Plugged::new(world, few, chosen(noise.below(masks)))?);
        Ok(Side { text, hosts, plugins, has_optional: !optional.is_empty() })
    }
}
