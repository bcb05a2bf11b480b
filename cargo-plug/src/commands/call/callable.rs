//! The functions of a component that can be named on a command line.

use std::ops::Range;

use plug_contract::{Contract, Item};

use super::CallCommandError;
use crate::nearest::nearest;

/// All of them, in order.
#[derive(Debug)]
pub(crate) struct Functions {
    pub(crate) functions: Vec<Callable>,
}

/// An exported function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Callable {
    /// The shortest name that means it alone: `apply`, `image-filter.apply`, or the whole.
    pub(crate) call_name: String,
    /// `acme:images/image-filter@1.2.0`; none for a function of the world itself.
    pub(crate) interface: Option<String>,
    pub(crate) name: String,
    pub(crate) signature: String,
}

/// What the name in a call means.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named<'a> {
    pub(super) function: &'a Callable,
    /// Where in the name the label of the handle stands that a method is called on.
    pub(super) receiver: Option<Range<usize>>,
}

impl Functions {
    /// The exported functions.
    pub(crate) fn of(contract: &Contract) -> Self {
        let mut functions = Vec::new();
        for (key, item) in contract.exports() {
            match item {
                Item::Function(function) => functions.push(Callable {
                    call_name: String::new(),
                    interface: None,
                    name: key.to_owned(),
                    signature: function.signature(),
                }),
                Item::Interface(interface) => {
                    functions.extend(interface.functions().values().map(|function| Callable {
                        call_name: String::new(),
                        interface: Some(interface.exact_id().to_owned()),
                        name: function.name().to_owned(),
                        signature: function.signature(),
                    }));
                }
                Item::Resource(_) | Item::Type(_) => {}
            }
        }
        let short: Vec<_> = functions.iter().map(|function| shortest(function, &functions)).collect();
        for (function, name) in functions.iter_mut().zip(short) {
            function.call_name = name;
        }
        Self { functions }
    }

    /// The one that `name` means: its own name, or a handle and a method of its resource.
    pub(super) fn find<'a>(&'a self, name: &str) -> Result<Named<'a>, CallCommandError> {
        let named = self.functions.iter().filter(|function| function.answers_to(name));
        if let Some(function) = the_one(name, named.collect())? {
            return Ok(Named { function, receiver: None });
        }
        if let Some(on_handle) = OnHandle::of(name)
            && !self.methods_behind(&on_handle.prefix()).is_empty()
        {
            let method = on_handle.method();
            let named = self.methods().filter(|function| function.answers_to(&method));
            return match the_one(name, named.collect()) {
                Ok(Some(function)) => Ok(Named { function, receiver: Some(on_handle.label) }),
                Ok(None) => Err(self.no_method(&on_handle)),
                Err(CallCommandError::Ambiguous { name, candidates }) => {
                    let candidates = candidates.iter().map(|method| on_handle.instead_of_resource(method));
                    Err(CallCommandError::Ambiguous { name, candidates: candidates.collect() })
                }
                Err(other) => Err(other),
            };
        }
        let names = self.functions.iter().flat_map(|f| [f.call_name.as_str(), f.name.as_str()]);
        let meant = nearest(name, names);
        let meant =
            meant.and_then(|meant| self.functions.iter().find(|f| f.call_name == meant || f.name == meant));
        Err(CallCommandError::NoFunction {
            name: name.to_owned(),
            meant: meant.map(|function| function.call_name.clone()),
            known: self.functions.iter().map(|function| function.call_name.clone()).collect(),
        })
    }

    fn methods(&self) -> impl Iterator<Item = &Callable> {
        self.functions.iter().filter(|function| function.name.starts_with("[method]"))
    }

    /// The names of the methods that begin so, without that beginning.
    fn methods_behind(&self, prefix: &str) -> Vec<String> {
        let names = self.methods().flat_map(Callable::names);
        names.filter_map(|name| Some(name.strip_prefix(prefix)?.to_owned())).collect()
    }

    fn no_method(&self, on_handle: &OnHandle<'_>) -> CallCommandError {
        let OnHandle { name, method_at, .. } = *on_handle;
        let known = self.methods_behind(&on_handle.prefix());
        let handle = &name[..method_at];
        let meant = nearest(&name[method_at..], known.iter().map(String::as_str));
        CallCommandError::NoFunction {
            name: name.to_owned(),
            meant: meant.map(|method| format!("{handle}{method}")),
            known: known.iter().map(|method| format!("{handle}{method}")).collect(),
        }
    }
}

/// The only one of those that `name` means.
fn the_one<'a>(name: &str, found: Vec<&'a Callable>) -> Result<Option<&'a Callable>, CallCommandError> {
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        // A function of the world itself has no other name.
        several => match several.iter().find(|function| function.interface.is_none()) {
            Some(own) => Ok(Some(own)),
            None => Err(CallCommandError::Ambiguous {
                name: name.to_owned(),
                candidates: several.iter().map(|function| function.call_name.clone()).collect(),
            }),
        },
    }
}

/// A name such as `store.counter-1.add`: the method `add` on the handle `counter-1`.
#[derive(Debug)]
struct OnHandle<'a> {
    name: &'a str,
    /// `counter-1`
    label: Range<usize>,
    /// Where `add` begins.
    method_at: usize,
}

impl<'a> OnHandle<'a> {
    fn of(name: &'a str) -> Option<Self> {
        let dot = name.rfind('.')?;
        let start = name[..dot].rfind(['.', '#']).map_or(0, |at| at + 1);
        resource_of(&name[start..dot])?;
        Some(Self { name, label: start..dot, method_at: dot + 1 })
    }

    /// `store.counter.`
    fn prefix(&self) -> String {
        let resource = resource_of(&self.name[self.label.clone()]).unwrap_or_default();
        format!("{}{resource}.", &self.name[..self.label.start])
    }

    /// `store.counter.add`
    fn method(&self) -> String {
        format!("{}{}", self.prefix(), &self.name[self.method_at..])
    }

    /// `store.counter-1.add` for the method `store.counter.add`.
    fn instead_of_resource(&self, method: &str) -> String {
        let (resource, rest) = method.rsplit_once('.').unwrap_or_default();
        let label = &self.name[self.label.clone()];
        let interface = resource_of(label).and_then(|name| resource.strip_suffix(name)).unwrap_or_default();
        format!("{interface}{label}.{rest}")
    }
}

/// The resource that a label names: `counter` of `counter-1`.
fn resource_of(label: &str) -> Option<&str> {
    let (resource, number) = label.rsplit_once('-')?;
    let is_name = !resource.is_empty() && !resource.contains(']');
    let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    (is_name && is_number).then_some(resource)
}

impl Callable {
    /// Interface and name: `plug:plugin/processor@1.0.0#process`.
    pub(super) fn path(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{interface}#{}", self.name),
            None => self.name.clone(),
        }
    }

    /// Every name by which it may be called.
    fn names(&self) -> Vec<String> {
        // `[method]counter.next` is `counter.next` to people, and `[constructor]counter` is `counter`.
        let bare = self.name.split_once(']').map(|(_, bare)| bare);
        let mut names = Vec::new();
        for name in bare.into_iter().chain([self.name.as_str()]) {
            names.push(name.to_owned());
            let Some(exact) = &self.interface else { continue };
            let plain = exact.split('@').next().unwrap_or(exact);
            let short = plain.rsplit('/').next().unwrap_or(plain);
            for interface in [short, plain, exact] {
                names.push(format!("{interface}.{name}"));
                names.push(format!("{interface}#{name}"));
            }
        }
        names
    }

    fn answers_to(&self, name: &str) -> bool {
        self.names().iter().any(|own| own == name)
    }
}

fn shortest(function: &Callable, all: &[Callable]) -> String {
    let unique = |name: &String| all.iter().filter(|other| other.answers_to(name)).count() == 1;
    // `#` for the forms with a package, as everywhere else that has it.
    let shown = |name: &String| !name.contains('/') || name.contains('#');
    let shown = |name: &String| shown(name) && (name.contains('/') || !name.contains('#'));
    function.names().into_iter().filter(shown).find(unique).unwrap_or_else(|| function.name.clone())
}

/// Where the name of a call stands, and where its values begin: `process` and `({…})`.
pub(super) fn split(call: &str) -> (Range<usize>, usize) {
    let values_at = call.find('(').unwrap_or(call.len());
    let name = call[..values_at].trim_end();
    let start = name.len() - name.trim_start().len();
    (start..name.len(), values_at)
}

#[cfg(test)]
mod tests {
    use plug_contract::Wit;

    use super::*;

    fn functions() -> Functions {
        let text = "package acme:images@1.2.0;
            interface filter { apply: func(a: u32) -> string; name: func() -> string; resource reel { constructor(); turn: func(); join: static func(); } }
            interface other { apply: func(); }
            world w { export filter; export other; export run: func(); export name: func(); }";
        Functions::of(&Wit::from_text("t.wit", text).unwrap().contract(None).unwrap())
    }

    #[test]
    fn functions_have_the_shortest_name_that_is_theirs() {
        let functions = functions();
        let names: Vec<_> = functions.functions.iter().map(|f| f.call_name.as_str()).collect();
        assert_eq!(
            names,
            ["reel", "reel.turn", "reel.join", "filter.apply", "filter.name", "other.apply", "name", "run"]
        );
    }

    #[test]
    fn any_of_its_names_finds_a_function() {
        let functions = functions();
        let interface =
            |name: &str| functions.find(name).map(|f| f.function.interface.clone().unwrap_or_default()).ok();
        for name in
            ["filter.apply", "filter#apply", "acme:images/filter#apply", "acme:images/filter@1.2.0#apply"]
        {
            assert_eq!(interface(name).as_deref(), Some("acme:images/filter@1.2.0"), "{name}");
        }
        assert_eq!(interface("name").as_deref(), Some(""));
    }

    #[test]
    fn functions_of_resources_have_plain_names_too() {
        let functions = functions();
        for (name, found) in [
            ("reel", "[constructor]reel"),
            ("[constructor]reel", "[constructor]reel"),
            ("filter.reel", "[constructor]reel"),
            ("reel.turn", "[method]reel.turn"),
            ("acme:images/filter@1.2.0#[method]reel.turn", "[method]reel.turn"),
            ("filter#reel.join", "[static]reel.join"),
        ] {
            let named = functions.find(name).unwrap();
            assert_eq!((named.function.name.as_str(), named.receiver), (found, None), "{name}");
        }
    }

    #[test]
    fn a_method_is_found_on_a_handle() {
        let functions = functions();
        for name in [
            "reel-1.turn",
            "reel-12.turn",
            "filter.reel-1.turn",
            "acme:images/filter#reel-3.turn",
            "acme:images/filter@1.2.0#reel-1.turn",
        ] {
            let named = functions.find(name).unwrap();
            assert_eq!(named.function.name, "[method]reel.turn", "{name}");
            let label = &name[named.receiver.unwrap()];
            assert!(label.starts_with("reel-"), "{label}");
        }
        let meant = |name: &str| match functions.find(name) {
            Err(CallCommandError::NoFunction { meant, known, .. }) => (meant, known),
            other => panic!("{other:?}"),
        };
        let turn = || "reel-1.turn".to_owned();
        assert_eq!(meant("reel-1.trun"), (Some(turn()), vec![turn()]));
        assert_eq!(meant("reel-1.join"), (None, vec![turn()]), "a static has no handle");
        for name in ["reel-.turn", "-1.turn", "reel-1", "x-1.turn", "reel1.turn", "reel-1.", ".reel-1.turn"] {
            assert!(matches!(functions.find(name), Err(CallCommandError::NoFunction { .. })), "{name}");
        }
        for name in ["reel-x.turn", "-.-", "[method]reel-1.turn"] {
            assert!(matches!(functions.find(name), Err(CallCommandError::NoFunction { .. })), "{name}");
        }
    }

    #[test]
    fn what_is_no_function_is_told() {
        let functions = functions();
        assert!(matches!(
            functions.find("apply"),
            Err(CallCommandError::Ambiguous { candidates, .. }) if candidates == ["filter.apply", "other.apply"]
        ));
        assert!(matches!(
            functions.find("rum"),
            Err(CallCommandError::NoFunction { meant: Some(meant), .. }) if meant == "run"
        ));
        assert!(matches!(functions.find(""), Err(CallCommandError::NoFunction { meant: None, .. })));
    }

    #[test]
    fn resources_of_one_name_are_told_apart_by_their_interfaces() {
        let text = "package a:b;
            interface one { resource r { m: func(); } }
            interface two { resource r { m: func(); } }
            world w { export one; export two; }";
        let functions = Functions::of(&Wit::from_text("t.wit", text).unwrap().contract(None).unwrap());
        assert!(matches!(
            functions.find("r-1.m"),
            Err(CallCommandError::Ambiguous { candidates, .. }) if candidates == ["one.r-1.m", "two.r-1.m"]
        ));
        let named = functions.find("two.r-1.m").unwrap();
        assert_eq!(named.function.interface.as_deref(), Some("a:b/two"));
    }

    #[test]
    fn a_call_is_split_at_its_first_bracket() {
        let parts = |call: &'static str| {
            let (name, values_at) = split(call);
            (&call[name], &call[values_at..])
        };
        assert_eq!(parts(" f (1, (2))"), ("f", "(1, (2))"));
        assert_eq!(parts("f"), ("f", ""));
        assert_eq!(parts("  "), ("", ""));
        assert_eq!(parts(""), ("", ""));
    }
}
