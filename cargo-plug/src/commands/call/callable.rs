//! The functions of a component that can be named on a command line.

use std::collections::HashMap;
use std::ops::Range;

use plug_contract::{Contract, Item};

use super::CallCommandError;
use super::choice::Choice;
use crate::nearest::nearest;

/// All of them, in order.
#[derive(Debug)]
pub(crate) struct Functions {
    pub(crate) functions: Vec<Callable>,
    /// What each name may mean, by places: a component may export as many functions as it likes.
    named: HashMap<String, Vec<usize>>,
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
    /// The exported functions of a contract.
    pub(crate) fn of(contract: &Contract) -> Self {
        let mut functions = Vec::new();
        for (key, item) in contract.exports() {
            match item {
                Item::Function(function) => {
                    functions.push(Callable::new(None, key.to_owned(), function.signature()));
                }
                Item::Interface(interface) => {
                    functions.extend(interface.functions().values().map(|function| {
                        let interface = Some(interface.exact_id().to_owned());
                        Callable::new(interface, function.name().to_owned(), function.signature())
                    }));
                }
                Item::Resource(_) | Item::Type(_) => {}
            }
        }
        Self::new(functions)
    }

    /// These, each with the shortest name for it.
    pub(super) fn new(functions: Vec<Callable>) -> Self {
        let mut named: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, function) in functions.iter().enumerate() {
            for name in function.names() {
                let places = named.entry(name).or_default();
                // An interface without a version has two of its names twice.
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        let mut functions = Self { functions, named };
        let short: Vec<_> = functions.functions.iter().map(|function| functions.shortest(function)).collect();
        for (function, name) in functions.functions.iter_mut().zip(short) {
            function.call_name = name;
        }
        functions
    }

    /// The one that `name` means: its own name, or a handle and a method of its resource.
    pub(super) fn find<'a>(&'a self, name: &str) -> Result<Named<'a>, CallCommandError> {
        let own = the_one(name, self.called(name), |function| function.call_name.clone());
        let Some(on_handle) = OnHandle::of(name) else {
            return own?.map(Named::function).ok_or_else(|| self.nothing(name));
        };
        let method = the_one(name, self.methods_called(&on_handle.method()), |method| {
            on_handle.instead_of_resource(&method.call_name)
        });
        match (own?, method?) {
            (Some(function), None) => Ok(Named::function(function)),
            (None, Some(function)) => Ok(Named { function, receiver: Some(on_handle.label) }),
            // Neither is more likely, and both have a name that looks like no handle.
            (Some(function), Some(method)) => Err(CallCommandError::Ambiguous {
                name: name.to_owned(),
                candidates: Choice::first([function.path(), method.path()]),
            }),
            (None, None) => Err(self.no_method(&on_handle).unwrap_or_else(|| self.nothing(name))),
        }
    }

    /// Those that answer to the name.
    fn called(&self, name: &str) -> Vec<&Callable> {
        let places = self.named.get(name).map(Vec::as_slice).unwrap_or_default();
        places.iter().map(|place| &self.functions[*place]).collect()
    }

    fn methods_called(&self, name: &str) -> Vec<&Callable> {
        let mut methods = self.called(name);
        methods.retain(|function| function.is_method());
        methods
    }

    /// The shortest name that means this function alone, and cannot be one on a handle.
    fn shortest(&self, function: &Callable) -> String {
        let is_alone = |name: &String| {
            self.named.get(name).is_some_and(|places| places.len() == 1)
                && OnHandle::of(name)
                    .is_none_or(|on_handle| self.methods_called(&on_handle.method()).is_empty())
        };
        // `#` for the forms with a package, as everywhere else that has it.
        let shown = |name: &String| name.contains('/') == name.contains('#');
        function.names().into_iter().filter(shown).find(is_alone).unwrap_or_else(|| function.path())
    }

    fn nothing(&self, name: &str) -> CallCommandError {
        let call_names = || self.functions.iter().map(|function| function.call_name.as_str());
        let bare = self.functions.iter().filter(|f| f.name != f.call_name).map(|f| f.name.as_str());
        let meant = nearest(name, call_names().chain(bare));
        let meant =
            meant.and_then(|meant| self.functions.iter().find(|f| f.call_name == meant || f.name == meant));
        CallCommandError::NoFunction {
            name: name.to_owned(),
            meant: meant.map(|function| function.call_name.clone()),
            known: if meant.is_some() { Choice::default() } else { Choice::nearest(name, call_names()) },
        }
    }

    /// That the resource has no such method, if there is a resource of that name.
    fn no_method(&self, on_handle: &OnHandle<'_>) -> Option<CallCommandError> {
        let OnHandle { name, method_at, .. } = *on_handle;
        let prefix = on_handle.prefix();
        let names = self.functions.iter().filter(|function| function.is_method()).flat_map(Callable::names);
        let handle = &name[..method_at];
        let known: Vec<_> =
            names.filter_map(|name| Some(format!("{handle}{}", name.strip_prefix(&prefix)?))).collect();
        if known.is_empty() {
            return None;
        }
        let meant = nearest(&name[method_at..], known.iter().map(|known| &known[method_at..]));
        Some(CallCommandError::NoFunction {
            name: name.to_owned(),
            meant: meant.map(|method| format!("{handle}{method}")),
            known: Choice::nearest(name, known.iter().map(String::as_str)),
        })
    }
}

impl<'a> Named<'a> {
    fn function(function: &'a Callable) -> Self {
        Self { function, receiver: None }
    }
}

/// The only one of those that `name` means.
fn the_one<'a>(
    name: &str,
    found: Vec<&'a Callable>,
    shown: impl Fn(&Callable) -> String,
) -> Result<Option<&'a Callable>, CallCommandError> {
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        // A function of the world itself has no other name.
        several => match several.iter().find(|function| function.interface.is_none()) {
            Some(own) => Ok(Some(own)),
            None => Err(CallCommandError::Ambiguous {
                name: name.to_owned(),
                candidates: Choice::first(several.iter().map(|function| shown(function))),
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
    /// Without a short name yet.
    pub(super) fn new(interface: Option<String>, name: String, signature: String) -> Self {
        Self { call_name: String::new(), interface, name, signature }
    }

    fn is_method(&self) -> bool {
        self.name.starts_with("[method]")
    }

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
            Err(CallCommandError::NoFunction { meant, known, .. }) => (meant, known.shown().to_vec()),
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
            Err(CallCommandError::Ambiguous { candidates, .. })
                if candidates.shown() == ["filter.apply", "other.apply"]
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
            Err(CallCommandError::Ambiguous { candidates, .. })
                if candidates.shown() == ["one.r-1.m", "two.r-1.m"]
        ));
        let named = functions.find("two.r-1.m").unwrap();
        assert_eq!(named.function.interface.as_deref(), Some("a:b/two"));
    }

    #[test]
    fn what_looks_like_a_handle_is_ambiguous() {
        let text = "package a:b@1.0.0;
            interface store { resource r { m: func(); only: func(); } }
            interface r-1 { m: func(); other: func(); }
            interface z { m: func(); }
            world w { export store; export r-1; export z; }";
        let functions = Functions::of(&Wit::from_text("t.wit", text).unwrap().contract(None).unwrap());
        let names: Vec<_> = functions.functions.iter().map(|f| f.call_name.as_str()).collect();
        assert_eq!(names, ["a:b/r-1#m", "other", "r.m", "r.only", "z.m"], "none looks like a handle's");
        let Err(CallCommandError::Ambiguous { candidates, .. }) = functions.find("r-1.m") else { panic!() };
        assert_eq!(candidates.shown(), ["a:b/r-1@1.0.0#m", "a:b/store@1.0.0#[method]r.m"]);
        for candidate in candidates.shown() {
            let named = functions.find(candidate).unwrap();
            assert_eq!((named.function.path(), named.receiver), (candidate.clone(), None));
        }
        // One of the two is all that these can be.
        assert_eq!(functions.find("r-1.other").unwrap().receiver, None);
        assert!(functions.find("r-1.only").unwrap().receiver.is_some());
        assert!(functions.find("store.r-1.m").unwrap().receiver.is_some());
    }

    #[test]
    fn a_resource_named_like_a_handle_is_ambiguous_too() {
        let text = "package a:b;
            interface store { resource r { m: func(); } resource r-1 { m: func(); } }
            world w { export store; }";
        let functions = Functions::of(&Wit::from_text("t.wit", text).unwrap().contract(None).unwrap());
        let Err(CallCommandError::Ambiguous { candidates, .. }) = functions.find("r-1.m") else { panic!() };
        assert_eq!(candidates.shown(), ["a:b/store#[method]r-1.m", "a:b/store#[method]r.m"]);
        for candidate in candidates.shown() {
            assert_eq!(functions.find(candidate).unwrap().function.path(), *candidate);
        }
    }

    #[test]
    fn many_functions_are_named_and_found_at_once() {
        let function = |number: usize| {
            let interface = format!("acme:many/face-n{}@1.0.0", number / 100);
            Callable::new(Some(interface), format!("check-n{}", number % 100), "func()".to_owned())
        };
        let begin = std::time::Instant::now();
        let functions = Functions::new((0..20_000).map(function).collect());
        for number in 0..2_000 {
            let name = format!("face-n{}.check-n{}", number / 100, number % 100);
            assert_eq!(functions.find(&name).unwrap().function.call_name, name);
        }
        // The square of this would take minutes.
        assert!(begin.elapsed() < std::time::Duration::from_secs(10), "{:?}", begin.elapsed());
        let Err(error) = functions.find("face-n7.chekc-n1") else { panic!() };
        assert!(matches!(
            &error,
            CallCommandError::NoFunction { meant: Some(meant), .. } if meant == "face-n7.check-n1"
        ));
        let Err(error) = functions.find("chekc") else { panic!() };
        assert!(matches!(
            &error,
            CallCommandError::NoFunction { meant: None, known, .. } if known.more() == 19_990
        ));
        let Err(CallCommandError::Ambiguous { candidates, .. }) = functions.find("check-n1") else {
            panic!()
        };
        assert_eq!((candidates.shown().len(), candidates.more()), (10, 190));
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
