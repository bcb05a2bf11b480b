//! The resources whose handles the functions of a component take and return.

use std::collections::HashMap;

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex, ResourceType};

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
#[derive(Default)]
pub(super) struct Resources {
    list: Vec<DynamicResource>,
    places: Places,
}

impl Resources {
    pub(super) fn of(component: &Component) -> Resources {
        let engine = component.engine();
        let ty = component.component_type();
        let mut found = Resources::default();
        for (name, item) in ty.imports(engine) {
            match item.ty {
                ComponentItem::Resource(ty) => found.take(None, name, ty, None, true),
                ComponentItem::ComponentInstance(instance) => {
                    for (resource, item) in instance.exports(engine) {
                        if let ComponentItem::Resource(ty) = item.ty {
                            found.take(Some(name), resource, ty, None, true);
                        }
                    }
                }
                _ => {}
            }
        }
        for (name, item) in ty.exports(engine) {
            match item.ty {
                ComponentItem::Resource(ty) => {
                    found.take(None, name, ty, component.get_export_index(None, name), false);
                }
                ComponentItem::ComponentInstance(instance) => {
                    let parent = component.get_export_index(None, name);
                    for (resource, item) in instance.exports(engine) {
                        if let ComponentItem::Resource(ty) = item.ty {
                            let index = component.get_export_index(parent.as_ref(), resource);
                            found.take(Some(name), resource, ty, index, false);
                        }
                    }
                }
                _ => {}
            }
        }
        found
    }

    fn take(
        &mut self,
        interface: Option<&str>,
        name: &str,
        ty: ResourceType,
        index: Option<ComponentExportIndex>,
        is_imported: bool,
    ) {
        if self.places.insert(ty, self.list.len()) {
            let (interface, name) = (interface.map(str::to_owned), name.to_owned());
            self.list.push(DynamicResource { interface, name, is_imported, ty, index });
        }
    }

    pub(super) fn list(&self) -> &[DynamicResource] {
        &self.list
    }

    pub(super) fn find(&self, ty: ResourceType) -> Option<&DynamicResource> {
        self.places.find(ty).map(|place| &self.list[place])
    }
}

/// Where in a list each type of resource is. wasmtime's type can be compared, but neither hashed nor
/// ordered; its debug form tells one from another.
#[derive(Default)]
pub(super) struct Places(HashMap<String, usize>);

impl Places {
    /// Whether the type is new; it stays where it was first.
    pub(super) fn insert(&mut self, ty: ResourceType, place: usize) -> bool {
        let len = self.0.len();
        self.0.entry(format!("{ty:?}")).or_insert(place);
        self.0.len() > len
    }

    pub(super) fn find(&self, ty: ResourceType) -> Option<usize> {
        self.0.get(&format!("{ty:?}")).copied()
    }
}
