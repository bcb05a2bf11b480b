//! The functions of a component that can be named on a command line.

use plug_contract::{Contract, Item};

use super::CallCommandError;
use crate::nearest::nearest;

/// All of them, in order.
#[derive(Debug)]
pub(crate) struct Functions {
    pub(crate) functions: Vec<Callable>,
    /// Those of resources: there is no way to write a handle, so they cannot be called from here.
    pub(crate) of_resources: Vec<Callable>,
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

impl Functions {
    /// The exported functions.
    pub(crate) fn of(contract: &Contract) -> Self {
        let mut all = Vec::new();
        for (key, item) in contract.exports() {
            match item {
                Item::Function(function) => all.push(Callable {
                    call_name: String::new(),
                    interface: None,
                    name: key.to_owned(),
                    signature: function.signature(),
                }),
                Item::Interface(interface) => {
                    all.extend(interface.functions().values().map(|function| Callable {
                        call_name: String::new(),
                        interface: Some(interface.exact_id().to_owned()),
                        name: function.name().to_owned(),
                        signature: function.signature(),
                    }));
                }
                Item::Resource(_) | Item::Type(_) => {}
            }
        }
        let (of_resources, mut functions) =
            all.into_iter().partition::<Vec<_>, _>(|function| function.name.starts_with('['));
        let short: Vec<_> = functions.iter().map(|function| shortest(function, &functions)).collect();
        for (function, name) in functions.iter_mut().zip(short) {
            function.call_name = name;
        }
        Self { functions, of_resources }
    }

    /// The one that `name` means.
    pub(crate) fn find(&self, name: &str) -> Result<&Callable, CallCommandError> {
        let found: Vec<_> = self.functions.iter().filter(|function| function.answers_to(name)).collect();
        match found.as_slice() {
            [one] => Ok(one),
            [] => {
                if let Some(objection) = self.resource_objection(name) {
                    return Err(objection);
                }
                let names = self.functions.iter().flat_map(|f| [f.call_name.as_str(), f.name.as_str()]);
                let meant = nearest(name, names);
                let meant = meant.and_then(|meant| {
                    self.functions.iter().find(|f| f.call_name == meant || f.name == meant)
                });
                Err(CallCommandError::NoFunction {
                    name: name.to_owned(),
                    meant: meant.map(|function| function.call_name.clone()),
                    known: self.functions.iter().map(|function| function.call_name.clone()).collect(),
                })
            }
            // A function of the world itself has no other name.
            several => match several.iter().find(|function| function.interface.is_none()) {
                Some(own) => Ok(own),
                None => Err(CallCommandError::Ambiguous {
                    name: name.to_owned(),
                    candidates: several.iter().map(|function| function.call_name.clone()).collect(),
                }),
            },
        }
    }
}

impl Functions {
    /// Why `name` cannot be called, if that is because of resources.
    fn resource_objection(&self, name: &str) -> Option<CallCommandError> {
        let function = self.of_resources.iter().find(|function| function.answers_to(name));
        let objection = match function {
            Some(_) => "it is a function of a resource, and a handle of one has no text form",
            None if self.functions.is_empty() && !self.of_resources.is_empty() => {
                "the component exports functions of resources only, and a handle of one has no text form"
            }
            None => return None,
        };
        Some(CallCommandError::NoText {
            name: function.map_or_else(|| name.to_owned(), Callable::path),
            objection: objection.to_owned(),
        })
    }
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
        // `[method]counter.next` is `counter.next` to people.
        let bare = self.name.split_once(']').map(|(_, bare)| bare);
        let mut names = Vec::new();
        for name in std::iter::once(self.name.as_str()).chain(bare) {
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

/// The name and the rest of a call: `process({…})` is `process` and `({…})`.
pub(super) fn split(call: &str) -> (&str, &str) {
    let (name, values) = call.split_at(call.find('(').unwrap_or(call.len()));
    (name.trim(), values)
}

#[cfg(test)]
mod tests {
    use plug_contract::Wit;

    use super::*;

    fn functions() -> Functions {
        let text = "package acme:images@1.2.0;
            interface filter { apply: func(a: u32) -> string; name: func() -> string; resource r { m: func(); } }
            interface other { apply: func(); }
            world w { export filter; export other; export run: func(); export name: func(); }";
        Functions::of(&Wit::from_text("t.wit", text).unwrap().contract(None).unwrap())
    }

    #[test]
    fn functions_have_the_shortest_name_that_is_theirs() {
        let functions = functions();
        let names: Vec<_> = functions.functions.iter().map(|f| f.call_name.as_str()).collect();
        assert_eq!(names, ["filter.apply", "filter.name", "other.apply", "name", "run"]);
    }

    #[test]
    fn any_of_its_names_finds_a_function() {
        let functions = functions();
        let interface =
            |name: &str| functions.find(name).map(|f| f.interface.clone().unwrap_or_default()).ok();
        for name in
            ["filter.apply", "filter#apply", "acme:images/filter#apply", "acme:images/filter@1.2.0#apply"]
        {
            assert_eq!(interface(name).as_deref(), Some("acme:images/filter@1.2.0"), "{name}");
        }
        assert_eq!(interface("name").as_deref(), Some(""));
        assert_eq!(interface("r.m"), None);
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
    fn functions_of_resources_are_told_apart() {
        let functions = functions();
        assert_eq!(functions.of_resources.len(), 1);
        for name in ["[method]r.m", "r.m", "filter.r.m", "acme:images/filter@1.2.0#[method]r.m"] {
            assert!(
                matches!(
                    functions.find(name),
                    Err(CallCommandError::NoText { name, .. })
                        if name == "acme:images/filter@1.2.0#[method]r.m"
                ),
                "{name}"
            );
        }
        let text = "package a:b;
            interface i { resource r { constructor(); } }
            world w { export i; }";
        let only = Functions::of(&Wit::from_text("t.wit", text).unwrap().contract(None).unwrap());
        assert!(matches!(only.find("x"), Err(CallCommandError::NoText { name, .. }) if name == "x"));
    }

    #[test]
    fn a_call_is_split_at_its_first_bracket() {
        assert_eq!(split(" f (1, (2))"), ("f", "(1, (2))"));
        assert_eq!(split("f"), ("f", ""));
        assert_eq!(split(""), ("", ""));
    }
}
