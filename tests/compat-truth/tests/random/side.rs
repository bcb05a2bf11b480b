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
            Error::Inexpressible(_) => Dropped::Inexpressible,
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
    /// The optional interfaces that it would have to export too, by what the judge says of its contract.
    pub(crate) tied: Vec<String>,
    imports: Imports,
    optional: Vec<String>,
}

impl Plugged {
    fn new(world: &World, imports: Imports, optional: Vec<String>) -> Result<Plugged, Error> {
        let plugin = Plugin::with_optional(world, imports, &optional)?;
        let contract = plugin.contract().unwrap();
        let tied = tied(&world.contract()?, &optional);
        Ok(Plugged { plugin, contract, calls_all: imports == Imports::All, tied, imports, optional })
    }

    /// Whether the verdict on two contracts speaks of it: it calls everything, and a host of its own
    /// contract takes it.
    pub(crate) fn is_of_contract(&self) -> bool {
        self.calls_all && self.tied.is_empty()
    }
}

/// What the judge says that a plugin has to export beside these optional interfaces.
fn tied(contract: &Contract, optional: &[String]) -> Vec<String> {
    let chosen =
        contract.optional_exports().filter(|(_, it)| optional.iter().any(|name| name == it.exact_id()));
    let chosen: Vec<&str> = chosen.map(|(key, _)| key).collect();
    contract.tied_optional_exports(&chosen).into_iter().map(str::to_owned).collect()
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
    /// Selections of optional exports of which no encoder makes a plugin, although nothing is tied to
    /// them.
    pub(crate) unexplained: Vec<String>,
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
        let (mut plugins, mut unexplained) = (Vec::new(), Vec::new());
        for mask in 0..masks {
            match Plugged::new(world, Imports::All, chosen(mask)) {
                Ok(plugged) => plugins.push(plugged),
                Err(Error::Optional(why)) => {
                    let chosen = chosen(mask);
                    if tied(&world.contract().map_err(Error::from)?, &chosen).is_empty() {
                        unexplained.push(format!("{}: {why}", chosen.join(", ")));
                    }
                }
                Err(why) => return Err(why.into()),
            }
        }
        let few = if noise.below(3) == 0 { Imports::None } else { Imports::Some(noise.next()) };
        match Plugged::new(world, few, chosen(noise.below(masks))) {
            Ok(plugged) => plugins.push(plugged),
            // met above
            Err(Error::Optional(_)) => {}
            Err(why) => return Err(why.into()),
        }
        Ok(Side { text, hosts, plugins, has_optional: !optional.is_empty(), unexplained })
    }
}
