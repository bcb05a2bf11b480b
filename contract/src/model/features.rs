//! What an engine has to be made for, beyond plain functions and types.

use std::collections::HashMap;
use std::fmt;

use super::types::Places;
use super::{Contract, Function, Interface, Item, Location, Type};

/// Something of the component model that an engine may be made without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum EngineFeature {
    /// `async func`
    AsyncFunction,
    /// `stream<T>`
    Stream,
    /// `future<T>`
    Future,
    /// `error-context`
    ErrorContext,
    /// `map<K, V>`
    Map,
    /// `list<T, N>`
    FixedLengthList,
}

impl EngineFeature {
    /// All of them.
    pub const ALL: &[EngineFeature] = &[
        EngineFeature::AsyncFunction,
        EngineFeature::Stream,
        EngineFeature::Future,
        EngineFeature::ErrorContext,
        EngineFeature::Map,
        EngineFeature::FixedLengthList,
    ];

    /// Those that contracts of hosts made by `plug_host::world!` may need. This is the one place that says
    /// so.
    pub const OF_PLUG_HOST: &[EngineFeature] = &[];

    /// Those that plugins of such hosts may need beside their contract: the engine has them, and nobody
    /// calls them. This is the one place that says so.
    pub const OF_PLUG_ENGINE: &[EngineFeature] = &[
        EngineFeature::AsyncFunction,
        EngineFeature::Stream,
        EngineFeature::Future,
        EngineFeature::Map,
        EngineFeature::FixedLengthList,
    ];

    /// One of them: `an async function`, `a map`.
    #[must_use]
    pub fn one(self) -> &'static str {
        match self {
            EngineFeature::AsyncFunction => "an async function",
            EngineFeature::Stream => "a stream",
            EngineFeature::Future => "a future",
            EngineFeature::ErrorContext => "an error context",
            EngineFeature::Map => "a map",
            EngineFeature::FixedLengthList => "a list of fixed length",
        }
    }

    /// What does the same without it, for somebody who writes a contract.
    #[must_use]
    pub fn instead(self) -> &'static str {
        match self {
            EngineFeature::AsyncFunction => {
                "make it a plain `func`: a host calls and serves it without blocking a thread all the same"
            }
            EngineFeature::Stream => {
                "pass a `list`, or lend a resource with a method that gives the next part"
            }
            EngineFeature::Future => "return the value itself, or a resource with a method that gives it",
            EngineFeature::ErrorContext => "pass an error type of your own, or a `string`",
            EngineFeature::Map => "pass a list of pairs, `list<tuple<K, V>>`",
            EngineFeature::FixedLengthList => "pass a plain `list<T>`, or a `tuple` if it is short",
        }
    }
}

/// As people say it: `async functions`, `maps`.
impl fmt::Display for EngineFeature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            EngineFeature::AsyncFunction => "async functions",
            EngineFeature::Stream => "streams",
            EngineFeature::Future => "futures",
            EngineFeature::ErrorContext => "error contexts",
            EngineFeature::Map => "maps",
            EngineFeature::FixedLengthList => "lists of fixed length",
        })
    }
}

/// A function or type of a contract that some engines are made without.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EngineNeed {
    /// What it needs.
    pub feature: EngineFeature,
    /// The interface by exact name, `acme:later/job@0.1.0`; none for a function of the world itself.
    pub interface: Option<String>,
    /// Where: `acme:later/job@0.1#run`.
    pub path: String,
    /// The function as an extern, or the type.
    pub name: String,
    /// Whether it is a type, or else a function.
    pub is_type: bool,
    /// Whether the plugin exports it, or else imports it.
    pub is_exported: bool,
    /// What is there, as WIT writes it.
    pub text: String,
    /// Where it was declared, when it was read from text.
    pub location: Option<Location>,
}

impl EngineNeed {
    /// What there is about it: `is an async function`, `passes a map`.
    #[must_use]
    pub fn reason(&self) -> String {
        match self.feature {
            EngineFeature::AsyncFunction => format!("is {}", self.feature.one()),
            feature if self.is_type => format!("has {} in it", feature.one()),
            feature => format!("passes {}", feature.one()),
        }
    }
}

impl Contract {
    /// What it needs of an engine, in order: by function, and by type where no function of an exported
    /// interface has it. Optional exports count, and what they import.
    ///
    /// A type that is imported and not used by any function is in no component, and does not count.
    #[must_use]
    pub fn engine_needs(&self) -> Vec<EngineNeed> {
        let mut search = Search::default();
        for (key, item) in self.imports().chain(self.optional_imports()) {
            search.item(key, item, false);
        }
        for (key, item) in self.exports() {
            search.item(key, item, true);
        }
        for (key, interface) in self.optional_exports() {
            search.interface(key, interface, true);
        }
        search.found
    }
}

/// A set of features, a bit for each.
type Set = u8;

fn bit(feature: EngineFeature) -> Set {
    1 << feature as u8
}

#[derive(Default)]
struct Search {
    found: Vec<EngineNeed>,
    /// What the parts of a type need, by where they are: types share them.
    known: HashMap<Places, Set>,
}

impl Search {
    fn item(&mut self, key: &str, item: &Item, is_exported: bool) {
        match item {
            Item::Interface(interface) => self.interface(key, interface, is_exported),
            Item::Function(function) => {
                let set = self.function(function);
                self.add(set, |feature| of_function(function, feature, key.to_owned(), None, is_exported));
            }
            // a type of the world counts where a function has it
            Item::Resource(_) | Item::Type(_) => {}
        }
    }

    fn interface(&mut self, key: &str, interface: &Interface, is_exported: bool) {
        let mut said = 0;
        for function in interface.functions().values() {
            let set = self.function(function);
            said |= set;
            self.add(set, |feature| {
                let path = format!("{key}#{}", function.name());
                of_function(function, feature, path, Some(interface.exact_id().to_owned()), is_exported)
            });
        }
        if !is_exported {
            return;
        }
        for (name, ty) in interface.types() {
            let set = self.of(ty) & !said;
            said |= set;
            self.add(set, |feature| EngineNeed {
                feature,
                interface: Some(interface.exact_id().to_owned()),
                path: format!("{key}#{name}"),
                name: name.clone(),
                is_type: true,
                is_exported,
                text: format!("type {name} = {ty}"),
                location: interface.type_origins().get(name).and_then(|origin| origin.location().cloned()),
            });
        }
    }

    fn add(&mut self, set: Set, need: impl Fn(EngineFeature) -> EngineNeed) {
        let features = EngineFeature::ALL.iter().filter(|feature| set & bit(**feature) != 0);
        self.found.extend(features.map(|feature| need(*feature)));
    }

    fn function(&mut self, function: &Function) -> Set {
        let types = function.params().iter().map(|param| &param.ty).chain(function.result());
        let set = types.fold(0, |set, ty| set | self.of(ty));
        if function.is_async() { set | bit(EngineFeature::AsyncFunction) } else { set }
    }

    fn of(&mut self, ty: &Type) -> Set {
        let own = match ty {
            Type::Primitive("error-context") => bit(EngineFeature::ErrorContext),
            Type::Stream(_) => bit(EngineFeature::Stream),
            Type::Future(_) => bit(EngineFeature::Future),
            Type::Map(_) => bit(EngineFeature::Map),
            Type::FixedList(..) => bit(EngineFeature::FixedLengthList),
            _ => 0,
        };
        let Some(places) = ty.parts_at() else { return own };
        if let Some(set) = self.known.get(&places) {
            return own | set;
        }
        let mut inner = 0;
        ty.each_part(|part| inner |= self.of(part));
        self.known.insert(places, inner);
        own | inner
    }
}

fn of_function(
    function: &Function,
    feature: EngineFeature,
    path: String,
    interface: Option<String>,
    is_exported: bool,
) -> EngineNeed {
    let name = function.name();
    let plain = name.split_once(']').map_or(name, |(_, rest)| rest);
    EngineNeed {
        feature,
        interface,
        path,
        name: name.to_owned(),
        is_type: false,
        is_exported,
        text: format!("{plain}: {}", function.signature()),
        location: function.location().cloned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Search;
    use crate::Wit;

    fn needs(body: &str) -> Vec<String> {
        let wit = Wit::from_text("w.wit", &format!("package a:b@0.1.0; {body}")).unwrap();
        let needs = wit.contract(Some("w")).unwrap().engine_needs();
        needs.iter().map(|need| format!("{} {} ({})", need.path, need.reason(), need.feature)).collect()
    }

    #[test]
    fn each_feature_is_found_wherever_it_is() {
        for (text, found) in [
            ("world w { export f: async func(); }", "f is an async function (async functions)"),
            ("world w { import f: func(a: option<stream>); }", "f passes a stream (streams)"),
            ("world w { export f: func() -> result<u8, future<u8>>; }", "f passes a future (futures)"),
            (
                "interface i { record r { a: e } variant e { a, b(error-context) } resource s { g: func() -> r; } }
                 world w { import i; }",
                "a:b/i@0.1#[method]s.g passes an error context (error contexts)",
            ),
            (
                "interface t { type m = map<string, u8>; } interface i { use t.{m}; f: func(a: tuple<u8, m>); }
                 world w { } world w-optional { export i; }",
                "a:b/i@0.1#f passes a map (maps)",
            ),
            (
                "interface i { type four = list<u8, 4>; g: func(); } world w { export i; }",
                "a:b/i@0.1#four has a list of fixed length in it (lists of fixed length)",
            ),
        ] {
            assert_eq!(needs(text), [found], "{text}");
        }
    }

    #[test]
    fn what_no_component_has_does_not_count() {
        assert_eq!(
            needs("interface i { type m = map<string, u8>; g: func(); } world w { import i; }"),
            [""; 0]
        );
        assert_eq!(needs("interface i { f: func(a: list<u8>); } world w { import i; export i; }"), [""; 0]);
    }

    #[test]
    fn types_that_share_their_parts_are_walked_once() {
        let mut text = "package a:b; interface i { type t0 = map<u8, u8>;".to_owned();
        for n in 1..12 {
            text.push_str(&format!("type t{n} = result<t{0}, t{0}>;", n - 1));
        }
        let wit = Wit::from_text("w.wit", &format!("{text} }} world w {{ export i; }}")).unwrap();
        let contract = wit.contract(None).unwrap();
        let mut search = Search::default();
        for (key, item) in contract.exports() {
            search.item(key, item, true);
        }
        assert_eq!(search.found.len(), 1);
        assert!(search.known.len() <= 12, "{} places, of 4096 parts", search.known.len());
    }
}
