//! Items, as they are written and as they come to be.

use wasmparser::{
    BinaryReaderError, ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentOuterAliasKind,
    ComponentType, ComponentTypeDeclaration, ComponentTypeRef, CoreType, Encoding, InstanceTypeDeclaration,
    Payload,
};

use super::{Overweight, within};
use crate::error::Measure;

/// A component that is handed over, as an import or by an instance: what an instance of it has is not to
/// be known without linking. Nothing that compilers make instantiates one.
const UNKNOWN: usize = usize::MAX;

/// Counts items.
///
/// wasmtime compiles what a component instantiates within itself as if it were written out. A component of
/// one kilobyte can have a billion instances: each level instantiates the one below twice. So
/// the items of a component count for each instance of it.
pub(super) struct Items {
    limit: usize,
    written: usize,
    /// Components and modules that are not yet at their end, the outermost first.
    open: Vec<Scope>,
}

struct Scope {
    is_component: bool,
    /// The items of an instance: its own, and those of the instances within.
    instance: usize,
    /// The items of an instance of each component that has an index here.
    components: Vec<usize>,
}

impl Items {
    pub(super) fn up_to(limit: usize) -> Items {
        Items { limit, written: 0, open: Vec::new() }
    }

    /// A component or module begins; how deep it lies.
    pub(super) fn open(&mut self, encoding: Encoding) -> usize {
        let is_component = encoding == Encoding::Component;
        self.open.push(Scope { is_component, instance: 0, components: Vec::new() });
        self.open.len()
    }

    pub(super) fn close(&mut self) {
        let closed = self.open.pop();
        if let (Some(closed), Some(outer)) = (closed, self.open.last_mut())
            && closed.is_component
        {
            outer.components.push(closed.instance);
        }
    }

    pub(super) fn add(&mut self, payload: Payload<'_>) -> Result<(), Overweight> {
        let within_instances = self.name(&payload)?;
        let declared = count(payload)?;
        self.written = self.written.saturating_add(declared);
        within(Measure::Items, self.written, self.limit)?;
        if let Some(scope) = self.open.last_mut() {
            scope.instance = scope.instance.saturating_add(declared).saturating_add(within_instances);
            within(Measure::Items, scope.instance, self.limit)?;
        }
        Ok(())
    }

    /// Gives components of the section their indices. How many items the instances in it have.
    fn name(&mut self, payload: &Payload<'_>) -> Result<usize, BinaryReaderError> {
        let mut instances = 0_usize;
        match payload {
            Payload::ComponentInstanceSection(section) => {
                for instance in section.clone() {
                    if let ComponentInstance::Instantiate { component_index, args } = instance? {
                        let items = self.component(0, component_index).saturating_add(args.len());
                        instances = instances.saturating_add(items);
                    }
                }
            }
            Payload::ComponentImportSection(section) => {
                for import in section.clone() {
                    if matches!(import?.ty, ComponentTypeRef::Component(_)) {
                        self.push(UNKNOWN);
                    }
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section.clone() {
                    let export = export?;
                    if export.kind == ComponentExternalKind::Component {
                        self.push(self.component(0, export.index));
                    }
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section.clone() {
                    match alias? {
                        ComponentAlias::Outer { kind: ComponentOuterAliasKind::Component, count, index } => {
                            self.push(self.component(count, index));
                        }
                        ComponentAlias::InstanceExport { kind: ComponentExternalKind::Component, .. } => {
                            self.push(UNKNOWN);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        Ok(instances)
    }

    fn push(&mut self, items: usize) {
        if let Some(scope) = self.open.last_mut() {
            scope.components.push(items);
        }
    }

    /// The items of an instance of the component of that index, so many levels further out. An index that
    /// is not there is one that wasmtime refuses.
    fn component(&self, outward: u32, index: u32) -> usize {
        let scope = self.open.iter().rev().nth(outward as usize);
        let items = scope.and_then(|scope| scope.components.get(index as usize));
        items.copied().unwrap_or(UNKNOWN)
    }
}

/// How many items a section declares; none for those that hold code or data, and for what is no section.
fn count(payload: Payload<'_>) -> Result<usize, BinaryReaderError> {
    let count = match payload {
        Payload::TypeSection(section) => {
            return section.into_iter().try_fold(0, |sum, group| Ok(sum + group?.types().len()));
        }
        Payload::CoreTypeSection(section) => {
            return section.into_iter().try_fold(0, |sum, ty| Ok(sum + core_type(&ty?)));
        }
        Payload::ComponentTypeSection(section) => {
            return section.into_iter().try_fold(0, |sum, ty| Ok(sum + component_type(&ty?)));
        }
        Payload::ImportSection(section) => {
            return section.into_imports().try_fold(0, |sum, import| import.map(|_| sum + 1));
        }
        Payload::FunctionSection(section) => section.count(),
        Payload::TableSection(section) => section.count(),
        Payload::MemorySection(section) => section.count(),
        Payload::TagSection(section) => section.count(),
        Payload::GlobalSection(section) => section.count(),
        Payload::ExportSection(section) => section.count(),
        Payload::ElementSection(section) => section.count(),
        Payload::DataSection(section) => section.count(),
        Payload::InstanceSection(section) => section.count(),
        Payload::ComponentInstanceSection(section) => section.count(),
        Payload::ComponentAliasSection(section) => section.count(),
        Payload::ComponentCanonicalSection(section) => section.count(),
        Payload::ComponentImportSection(section) => section.count(),
        Payload::ComponentExportSection(section) => section.count(),
        _ => 0,
    };
    Ok(count as usize)
}

fn core_type(ty: &CoreType<'_>) -> usize {
    match ty {
        CoreType::Rec(group) => group.types().len(),
        CoreType::Module(declarations) => 1 + declarations.len(),
    }
}

/// By recursion, which [`plug_contract::check_nesting`] has bounded.
fn component_type(ty: &ComponentType<'_>) -> usize {
    match ty {
        ComponentType::Component(declarations) => {
            let within = declarations.iter().map(|declaration| match declaration {
                ComponentTypeDeclaration::Type(ty) => component_type(ty),
                ComponentTypeDeclaration::CoreType(ty) => core_type(ty),
                _ => 1,
            });
            1 + within.sum::<usize>()
        }
        ComponentType::Instance(declarations) => {
            let within = declarations.iter().map(|declaration| match declaration {
                InstanceTypeDeclaration::Type(ty) => component_type(ty),
                InstanceTypeDeclaration::CoreType(ty) => core_type(ty),
                _ => 1,
            });
            1 + within.sum::<usize>()
        }
        _ => 1,
    }
}
