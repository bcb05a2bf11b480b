//! The resources whose handles the functions of a component take and return.

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex, ResourceType};

use crate::engine::Engine;

/// A resource in the types of a component's functions.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DynamicResource {
    /// The interface that defines it, with its version; none for the world itself.
    pub interface: Option<String>,
    /// Its name in the interface: `image`.
    pub name: String,
    /// Whether the component imports it. No handle of such a resource comes from the component's own
    /// constructors.
    pub is_imported: bool,
    /// As in [`DynamicFunction::params`](super::DynamicFunction::params), where no instance is
    /// known yet; a handle has the type of its instance.
    pub ty: ResourceType,
    /// None where it is imported.
    pub(super) index: Option<ComponentExportIndex>,
}

impl DynamicResource {
    /// Interface and name: `wasi:io/streams@0.2.6#input-stream`.
    #[must_use]
    pub fn path(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{interface}#{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// All resources, each once: under the name that its first interface has for it. An interface that
/// uses a resource of another one follows after it.
pub(super) fn resources(engine: &Engine, component: &Component) -> Vec<DynamicResource> {
    let engine = engine.wasmtime();
    let mut found: Vec<DynamicResource> = Vec::new();
    let mut take = |interface: Option<&str>, name: &str, ty: ResourceType, index, is_imported| {
        if found.iter().all(|known| known.ty != ty) {
            let (interface, name) = (interface.map(str::to_owned), name.to_owned());
            found.push(DynamicResource { interface, name, is_imported, ty, index });
        }
    };
    let ty = component.component_type();
    for (name, item) in ty.imports(engine) {
        match item.ty {
            ComponentItem::Resource(ty) => take(None, name, ty, None, true),
            ComponentItem::ComponentInstance(instance) => {
                for (resource, item) in instance.exports(engine) {
                    if let ComponentItem::Resource(ty) = item.ty {
                        take(Some(name), resource, ty, None, true);
                    }
                }
            }
            _ => {}
        }
    }
    for (name, item) in ty.exports(engine) {
        match item.ty {
            ComponentItem::Resource(ty) => {
                take(None, name, ty, component.get_export_index(None, name), false);
            }
            ComponentItem::ComponentInstance(instance) => {
                let parent = component.get_export_index(None, name);
                for (resource, item) in instance.exports(engine) {
                    if let ComponentItem::Resource(ty) = item.ty {
                        let index = component.get_export_index(parent.as_ref(), resource);
                        take(Some(name), resource, ty, index, false);
                    }
                }
            }
            _ => {}
        }
    }
    found
}
