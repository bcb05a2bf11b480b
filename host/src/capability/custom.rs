//! The capabilities of the application.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

use plug_policy::Capability as Name;
use wasmtime::component::Linker;

use super::definition::{Capability, InstanceContext, PluginContext};
use super::state::State;
use crate::error::ConfigureError;

/// What a capability of the application makes for a plugin.
type CustomPlugin = Box<dyn Any + Send + Sync>;

/// The capabilities of the application. Their types are forgotten, as policies and plugins are the same
/// whatever they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct CustomCapabilities(Arc<Vec<Box<dyn Custom>>>);

/// What is made of them once for each plugin.
pub(super) struct CustomPlugins(Vec<CustomPlugin>);

/// What an instance has of them.
pub(super) struct CustomInstances(Vec<(TypeId, Box<dyn Any + Send>)>);

/// A capability of the application has a name that it cannot have.
#[derive(Debug, Clone, thiserror::Error)]
#[error("no capability can be called `{name}`: {reason}")]
pub struct CapabilityNameError {
    name: &'static str,
    reason: &'static str,
}

trait Custom: Send + Sync + fmt::Debug {
    fn name(&self) -> &'static str;
    fn interfaces(&self) -> &'static [&'static str];
    fn configure(&self, plugin: &PluginContext<'_>) -> Result<CustomPlugin, ConfigureError>;
    fn instantiate(
        &self,
        plugin: &CustomPlugin,
        instance: &mut InstanceContext<'_>,
    ) -> (TypeId, Box<dyn Any + Send>);
}

struct Forgotten<C>(C);

impl<C: Capability> Custom for Forgotten<C> {
    fn name(&self) -> &'static str {
        C::NAME
    }

    fn interfaces(&self) -> &'static [&'static str] {
        C::INTERFACES
    }

    fn configure(&self, plugin: &PluginContext<'_>) -> Result<CustomPlugin, ConfigureError> {
        Ok(Box::new(self.0.configure(plugin)?))
    }

    fn instantiate(
        &self,
        plugin: &CustomPlugin,
        instance: &mut InstanceContext<'_>,
    ) -> (TypeId, Box<dyn Any + Send>) {
        let plugin = plugin.downcast_ref().expect("what `configure` of this capability made");
        (TypeId::of::<C>(), Box::new(C::instantiate(plugin, instance)))
    }
}

impl<C: Capability> fmt::Debug for Forgotten<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(C::NAME)
    }
}

/// [`Capability::link`].
type Link<A> = fn(&mut Linker<State<A>>) -> wasmtime::Result<()>;

/// How the capabilities of an application are linked.
pub(crate) struct CustomLinks<A: 'static>(Vec<Link<A>>);

/// The capabilities of an application while its host is set up.
pub(crate) struct CustomBuilder<A: 'static> {
    links: Vec<Link<A>>,
    capabilities: Vec<Box<dyn Custom>>,
}

impl<A: Send + 'static> CustomBuilder<A> {
    pub(crate) fn new() -> CustomBuilder<A> {
        CustomBuilder { links: Vec::new(), capabilities: Vec::new() }
    }

    pub(crate) fn add<C: Capability>(&mut self, capability: C) {
        self.links.push(C::link::<A>);
        self.capabilities.push(Box::new(Forgotten(capability)));
    }

    /// What stands against their names: they must be names of capabilities, each once.
    pub(crate) fn check(&self) -> Result<(), CapabilityNameError> {
        let mut seen = Vec::new();
        for name in self.capabilities.iter().map(|capability| capability.name()) {
            let reason = match Name::from_name(name) {
                Some(Name::Custom(_)) if seen.contains(&name) => "there are two of that name",
                Some(Name::Custom(_)) => {
                    seen.push(name);
                    continue;
                }
                Some(_) => "the host has one of that name",
                None => "it is no name; write one such as `acme:counters/store`",
            };
            return Err(CapabilityNameError { name, reason });
        }
        Ok(())
    }

    /// Without links, where no plugin is.
    pub(super) fn unlinked(self) -> CustomCapabilities {
        CustomCapabilities(Arc::new(self.capabilities))
    }

    /// How they are linked, and what they are, which knows nothing of the application's state.
    pub(crate) fn into_parts(self) -> (CustomLinks<A>, CustomCapabilities) {
        (CustomLinks(self.links), CustomCapabilities(Arc::new(self.capabilities)))
    }
}

impl<A: 'static> CustomLinks<A> {
    /// Once for each linker.
    pub(crate) fn link(&self, linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        self.0.iter().try_for_each(|link| link(linker))
    }
}

impl CustomCapabilities {
    pub(crate) fn serves(&self, interface: &str) -> bool {
        let served = self.0.iter().flat_map(|capability| capability.interfaces());
        served.into_iter().any(|served| super::interface::matches(served, interface))
    }

    /// Whether one of them has that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|capability| capability.name() == name)
    }

    pub(super) fn configure(&self, plugin: &PluginContext<'_>) -> Result<CustomPlugins, ConfigureError> {
        let made: Result<_, _> = self.0.iter().map(|capability| capability.configure(plugin)).collect();
        Ok(CustomPlugins(made?))
    }

    pub(super) fn instantiate(
        &self,
        plugins: &CustomPlugins,
        instance: &mut InstanceContext<'_>,
    ) -> CustomInstances {
        let each = self.0.iter().zip(&plugins.0);
        CustomInstances(each.map(|(capability, plugin)| capability.instantiate(plugin, instance)).collect())
    }
}

impl CustomInstances {
    /// What the instance has of the capability `C`.
    pub(super) fn of<C: Capability>(&mut self) -> Option<&mut C::Instance> {
        let found = self.0.iter_mut().find(|(id, _)| *id == TypeId::of::<C>());
        found.and_then(|(_, instance)| instance.downcast_mut())
    }
}
