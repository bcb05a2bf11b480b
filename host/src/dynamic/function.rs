//! The functions that a component exports.

use std::collections::HashMap;

use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{Component, ComponentExportIndex, Type};

/// A function that a component exports.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DynamicFunction {
    /// The interface that it is in, with its version; none for a function of the world itself.
    pub interface: Option<String>,
    /// Its name in the interface: `process`, `[method]image.width`.
    pub name: String,
    /// Names and types of its parameters.
    pub params: Vec<(String, Type)>,
    /// The type of its result.
    pub result: Option<Type>,
    pub(super) index: ComponentExportIndex,
}

impl DynamicFunction {
    /// Interface and name: `plug:plugin/processor@1.0.0#process`.
    #[must_use]
    pub fn path(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{interface}#{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// All functions of a component: those of the world itself, then those of its interfaces, by name.
pub(super) struct Functions {
    list: Vec<DynamicFunction>,
    /// Where each path is in the list: a component may export as many functions as it likes.
    places: HashMap<String, usize>,
}

impl Functions {
    pub(super) fn of(component: &Component) -> Functions {
        let mut list = found(component);
        list.sort_by(|a, b| (&a.interface, &a.name).cmp(&(&b.interface, &b.name)));
        let places = list.iter().enumerate().map(|(place, function)| (function.path(), place)).collect();
        Functions { list, places }
    }

    pub(super) fn list(&self) -> &[DynamicFunction] {
        &self.list
    }

    pub(super) fn find(&self, path: &str) -> Option<&DynamicFunction> {
        self.places.get(path).map(|place| &self.list[*place])
    }
}

fn found(component: &Component) -> Vec<DynamicFunction> {
    let engine = component.engine();
    let mut found = Vec::new();
    let mut take =
        |interface: Option<&str>, parent: Option<&ComponentExportIndex>, name: &str, ty: &ComponentFunc| {
            if let Some(index) = component.get_export_index(parent, name) {
                found.push(DynamicFunction {
                    interface: interface.map(str::to_owned),
                    name: name.to_owned(),
                    params: ty.params().map(|(name, ty)| (name.to_owned(), ty)).collect(),
                    result: ty.results().next(),
                    index,
                });
            }
        };
    let ty = component.component_type();
    for (name, item) in ty.exports(engine) {
        match item.ty {
            ComponentItem::ComponentFunc(function) => take(None, None, name, &function),
            ComponentItem::ComponentInstance(instance) => {
                let Some(parent) = component.get_export_index(None, name) else { continue };
                for (function, item) in instance.exports(engine) {
                    if let ComponentItem::ComponentFunc(ty) = item.ty {
                        take(Some(name), Some(&parent), function, &ty);
                    }
                }
            }
            _ => {}
        }
    }
    found
}
