//! The handles that came out of calls, each with the label that stands for it in text.

use std::collections::BTreeMap;

use plug_host::DynamicInstance;
use plug_host::wasmtime::component::{ResourceAny, ResourceType, Val};

/// All of them, in order of appearance.
#[derive(Debug, Default)]
pub(super) struct Handles {
    kept: Vec<Kept>,
    /// How many there have been of each name.
    counts: BTreeMap<String, u32>,
}

/// One handle.
#[derive(Debug)]
pub(super) struct Kept {
    /// `counter-1`
    pub(super) label: String,
    /// The resource, as in the types of functions.
    pub(super) ty: ResourceType,
    pub(super) handle: ResourceAny,
    /// The call that it was given away by.
    pub(super) given_by: Option<String>,
}

impl Handles {
    /// Keeps the handles in a result, and puts their labels in their places.
    pub(super) fn keep(&mut self, result: &mut Val, instance: &DynamicInstance) {
        replace(result, &mut |handle| {
            let resource = instance.resource(handle);
            let (name, ty) = resource.map_or(("handle", handle.ty()), |found| (&*found.name, found.ty));
            let count = self.counts.entry(name.to_owned()).or_default();
            *count += 1;
            let label = format!("{name}-{count}");
            self.kept.push(Kept { label: label.clone(), ty, handle, given_by: None });
            label
        });
    }

    pub(super) fn find(&self, label: &str) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.label == label)
    }

    /// The labels of a resource's handles that can still be used.
    pub(super) fn of(&self, ty: ResourceType) -> impl Iterator<Item = &str> {
        let usable = self.kept.iter().filter(move |kept| kept.ty == ty && kept.given_by.is_none());
        usable.map(|kept| kept.label.as_str())
    }

    /// These went to the plugin by a call.
    pub(super) fn give(&mut self, labels: &[String], call: &str) {
        for kept in self.kept.iter_mut().filter(|kept| labels.contains(&kept.label)) {
            kept.given_by = Some(call.to_owned());
        }
    }

    /// Takes out those that are still here, the last one first.
    pub(super) fn take(&mut self) -> Vec<Kept> {
        let kept = std::mem::take(&mut self.kept);
        kept.into_iter().rev().filter(|kept| kept.given_by.is_none()).collect()
    }
}

fn replace(value: &mut Val, label: &mut impl FnMut(ResourceAny) -> String) {
    match value {
        Val::Resource(handle) => *value = Val::Enum(label(*handle)),
        Val::List(values) | Val::Tuple(values) | Val::FixedLengthList(values) => {
            values.iter_mut().for_each(|value| replace(value, label));
        }
        Val::Map(pairs) => pairs.iter_mut().for_each(|(key, value)| {
            replace(key, label);
            replace(value, label);
        }),
        Val::Record(fields) => fields.iter_mut().for_each(|(_, value)| replace(value, label)),
        Val::Variant(_, Some(value))
        | Val::Option(Some(value))
        | Val::Result(Ok(Some(value)) | Err(Some(value))) => replace(value, label),
        _ => {}
    }
}
