//! A world, read as each side reads it.

use std::path::Path;

use plug_contract::{Contract, Wit, WitError, WitOptions};
use wit_parser::{Resolve, WorldId};

use crate::error::Error;

/// A world of a WIT package.
#[derive(Debug)]
pub struct World {
    gated: Wit,
    all: Wit,
    name: String,
}

impl World {
    /// The world `name` of the package in `dir`.
    ///
    /// # Errors
    /// When the package cannot be read or has no such world.
    pub fn from_dir(dir: &Path, name: &str) -> Result<World, WitError> {
        World::read(name, |options| options.read_dir(dir))
    }

    /// The world `name` of the package that `text` is.
    ///
    /// # Errors
    /// When the text does not parse or has no such world.
    pub fn from_text(text: &str, name: &str) -> Result<World, WitError> {
        World::read(name, |options| options.read_text("world.wit", text))
    }

    fn read(name: &str, read: impl Fn(WitOptions) -> Result<Wit, WitError>) -> Result<World, WitError> {
        let gated = read(WitOptions::default())?;
        let all = read(WitOptions::default().all_features())?;
        gated.select_world(Some(name))?;
        all.select_world(Some(name))?;
        Ok(World { gated, all, name: name.to_owned() })
    }

    /// Without the items of any `@unstable` feature: what guests parse, and what a host serves.
    #[must_use]
    pub fn gated(&self) -> &Wit {
        &self.gated
    }

    /// With all features, as `bindgen!` parses: what a host demands.
    #[must_use]
    pub fn all(&self) -> &Wit {
        &self.all
    }

    /// Its name in the package.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The contract that a plugin built for the world has.
    ///
    /// # Errors
    /// As [`Contract::from_resolve`].
    pub fn contract(&self) -> Result<Contract, WitError> {
        self.gated.contract(Some(&self.name))
    }

    /// The interfaces that a plugin of the world may export and need not, as plugins read it.
    ///
    /// # Errors
    /// When the world that names them exports anything else.
    pub fn optional_exports(&self) -> Result<Vec<String>, Error> {
        Ok(self.gated.optional_exports(self.gated.select_world(Some(&self.name))?)?)
    }

    /// The world, with those of its optional interfaces among its exports.
    pub(crate) fn gated_resolve(&self, optional: &[String]) -> Result<(Resolve, WorldId), Error> {
        let world = self.gated.select_world(Some(&self.name))?;
        Ok((self.gated.with_optional_exports(world, optional)?, world))
    }

    pub(crate) fn all_resolve(&self) -> Result<(Resolve, WorldId), WitError> {
        Ok((self.all.resolve().clone(), self.all.select_world(Some(&self.name))?))
    }
}
