//! The functions of a component that can be named on a command line.

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

impl Functions {
    /// The exported functions, those of resources apart: there is no way to write a handle.
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
                    functions.extend(
                        interface.functions().values().filter(|f| !f.name().starts_with('[')).map(
                            |function| Callable {
                                call_name: String::new(),
                                interface: Some(interface.exact_id().to_owned()),
                                name: function.name().to_owned(),
                                signature: function.signature(),
                            },
                        ),
                    );
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

    /// The one that `name` means.
    pub(crate) fn find(&self, name: &str) -> Result<&Callable, CallCommandError> {
        let found: Vec<_> = self.functions.iter().filter(|function| function.answers_to(name)).collect();
        match found.as_slice() {
            [one] => Ok(one),
            [] => {
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

impl Callable {
    /// Interface and name: `plug:plugin/processor@1.0.0#process`.
    #[cfg_attr(not(feature = "run"), expect(dead_code, reason = "only a sandbox looks functions up"))]
    pub(super) fn path(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{interface}#{}", self.name),
            None => self.name.clone(),
        }
    }

    /// Every name by which it may be called.
    fn names(&self) -> Vec<String> {
        let mut names = vec![self.name.clone()];
        if let Some(exact) = &self.interface {
            let plain = exact.split('@').next().unwrap_or(exact);
            let short = plain.rsplit('/').next().unwrap_or(plain);
            for interface in [short, plain, exact] {
                names.push(format!("{interface}.{}", self.name));
                names.push(format!("{interface}#{}", self.name));
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
    fn a_call_is_split_at_its_first_bracket() {
        assert_eq!(split(" f (1, (2))"), ("f", "(1, (2))"));
        assert_eq!(split("f"), ("f", ""));
        assert_eq!(split(""), ("", ""));
    }
}
