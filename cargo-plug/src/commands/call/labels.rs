//! What the labels in a call stand for.

use std::cell::RefCell;
use std::rc::Rc;

use plug_host::wasmtime::component::{ResourceType, Type, Val};
use plug_host::{DynamicPlugin, DynamicResource};

use super::choice::Choice;
use super::handles::Handles;

/// The labels of one call, while its values are read.
pub(super) struct Labels {
    plugin: DynamicPlugin,
    /// None before the first call: any label may turn out to be right.
    handles: Option<Rc<RefCell<Handles>>>,
    uses: RefCell<Vec<Use>>,
    objection: RefCell<Option<Objection>>,
}

struct Use {
    label: String,
    gives_away: bool,
}

/// Why a label cannot stand where it does.
#[derive(Debug, Clone)]
pub(super) struct Objection {
    pub(super) message: String,
    pub(super) mend: String,
}

impl Labels {
    pub(super) fn new(plugin: &DynamicPlugin, handles: Option<&Rc<RefCell<Handles>>>) -> Rc<Self> {
        Rc::new(Self {
            plugin: plugin.clone(),
            handles: handles.cloned(),
            uses: RefCell::default(),
            objection: RefCell::default(),
        })
    }

    /// The handle of that label, for a place of the type `own` or `borrow` of `wanted`.
    pub(super) fn value(
        &self,
        label: &str,
        wanted: ResourceType,
        gives_away: bool,
    ) -> Result<Val, Objection> {
        let value = self.look_up(label, wanted, gives_away);
        if let Err(objection) = &value {
            self.objection.replace(Some(objection.clone()));
        }
        value
    }

    /// Why reading the call ended, if that was because of a label.
    pub(super) fn objection(&self) -> Option<Objection> {
        self.objection.borrow().clone()
    }

    /// The labels of the handles that the call gives away.
    pub(super) fn given(&self) -> Vec<String> {
        let uses = self.uses.borrow();
        uses.iter().filter(|used| used.gives_away).map(|used| used.label.clone()).collect()
    }

    fn look_up(&self, label: &str, wanted: ResourceType, gives_away: bool) -> Result<Val, Objection> {
        let Some(handles) = &self.handles else { return Ok(Val::Enum(label.to_owned())) };
        let handles = handles.borrow();
        let there = || {
            let name = self.plain_name(wanted);
            let labels = || handles.of(wanted).map(|label| format!("`{label}`"));
            match labels().take(2).count() {
                0 => format!("put a call that returns a handle of `{name}` before this one"),
                1 => format!("the handle of `{name}` that there is: {}", Choice::first(labels())),
                _ => format!("the handles of `{name}` that there are: {}", Choice::first(labels())),
            }
        };
        let Some(kept) = handles.find(label) else {
            return Err(Objection { message: format!("there is no handle `{label}`"), mend: there() });
        };
        if kept.ty != wanted {
            let [is, wanted] = [kept.ty, wanted].map(|ty| self.plain_name(ty));
            let message = format!("`{label}` is a handle of `{is}`, and one of `{wanted}` has to be here");
            return Err(Objection { message, mend: there() });
        }
        if let Some(call) = &kept.given_by {
            let message = format!("the handle `{label}` was given away, by the call `{call}`");
            let mend = format!("make this call before `{call}`, or use another handle; {}", there());
            return Err(Objection { message, mend });
        }
        let mut uses = self.uses.borrow_mut();
        if uses.iter().any(|used| used.label == label && (used.gives_away || gives_away)) {
            return Err(Objection {
                message: format!("the call gives the handle `{label}` away, and uses it a second time"),
                mend: "a handle that is given away can stand in a call only once".to_owned(),
            });
        }
        uses.push(Use { label: label.to_owned(), gives_away });
        Ok(Val::Resource(kept.handle))
    }

    /// `counter`
    pub(super) fn resource_name(&self, ty: ResourceType) -> String {
        self.plugin.resource(ty).map_or_else(|| "resource".to_owned(), |resource| resource.name.clone())
    }

    /// The same, with its interface where several have one of that name.
    fn plain_name(&self, ty: ResourceType) -> String {
        let name = self.resource_name(ty);
        let is_alone = self.plugin.resources().iter().filter(|resource| resource.name == name).count() < 2;
        let path = || self.plugin.resource(ty).map(DynamicResource::path);
        if is_alone { name } else { path().unwrap_or(name) }
    }
}

/// The resource of a handle's type, and whether it is `own`.
pub(super) fn handle_type(ty: &Type) -> Option<(ResourceType, bool)> {
    match ty {
        Type::Own(resource) => Some((*resource, true)),
        Type::Borrow(resource) => Some((*resource, false)),
        _ => None,
    }
}
