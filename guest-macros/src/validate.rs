//! Holds what was written against the world, and finds everything that is wrong at once.

use std::collections::HashMap;

use quote::ToTokens;
use syn::{ImplItem, ImplItemFn, ImplItemType, Item, ItemImpl};

use crate::model::{Model, type_text};
use crate::nearest::{list, nearest, sorted};
use crate::problem::{Code, Problems};
use crate::signature;
use crate::world::{Home, Interface, Need, World};

/// Which part of the source implements what.
pub(crate) struct Plan<'a> {
    /// At least one; all are for one type.
    pub(crate) parts: Vec<Part<'a>>,
}

/// One interface with what implements it.
pub(crate) struct Part<'a> {
    /// Index into [`World::interfaces`].
    pub(crate) interface: usize,
    /// Index of the impl block among those of [`blocks`].
    pub(crate) block: usize,
    pub(crate) functions: Vec<&'a ImplItemFn>,
    pub(crate) types: Vec<&'a ImplItemType>,
}

/// The trait name that stands for all interfaces together.
const EVERYTHING: &str = "Plugin";

/// Whether a trait of that name can be a part of a plugin.
pub(crate) fn is_part(world: &World, path: &syn::Path) -> bool {
    path.is_ident(EVERYTHING) || !world.find(path).is_empty()
}

/// The impl blocks that may be part of the plugin: with their place among a module's items.
pub(crate) fn blocks(model: &Model) -> Vec<(usize, &ItemImpl)> {
    match model {
        Model::Impl(block) => vec![(0, block)],
        Model::Mod(module) => {
            let items = module.content.iter().flat_map(|(_, items)| items.iter().enumerate());
            items
                .filter_map(|(index, item)| match item {
                    Item::Impl(block) if block.trait_.is_some() => Some((index, block)),
                    _ => None,
                })
                .collect()
        }
    }
}

/// The plan; when problems were added, it must not be carried out.
pub(crate) fn validate<'a>(model: &'a Model, world: &World, problems: &mut Problems) -> Plan<'a> {
    let mut check = Check { world, problems, parts: Vec::new() };
    let blocks = blocks(model);
    for (position, (_, block)) in blocks.iter().enumerate() {
        match (check.covered(block, matches!(model, Model::Impl(_))), model) {
            (Some(covered), _) => {
                check.head(block);
                check.block(position, block, &covered);
            }
            // not ours: a module may hold any other impl as well
            (None, Model::Mod(_)) => {}
            (None, Model::Impl(_)) => return Plan { parts: check.parts },
        }
    }
    check.whole(model, &blocks);
    Plan { parts: check.parts }
}

struct Check<'w, 'p, 'a> {
    world: &'w World,
    problems: &'p mut Problems,
    parts: Vec<Part<'a>>,
}

impl<'a> Check<'_, '_, 'a> {
    /// The interfaces that a block implements, by its trait's name.
    fn covered(&mut self, block: &'a ItemImpl, alone: bool) -> Option<Vec<usize>> {
        let (_, path, _) = block.trait_.as_ref()?;
        let found = self.world.find(path);
        if path.is_ident(EVERYTHING) && (alone || found.is_empty()) {
            return Some((0..self.world.interfaces.len()).collect());
        }
        match found.as_slice() {
            [one] => Some(vec![*one]),
            [] if !alone => None,
            [] => {
                let name = path.segments.last().map_or_else(String::new, |segment| segment.ident.to_string());
                let known = || {
                    [EVERYTHING]
                        .into_iter()
                        .chain(self.world.interfaces.iter().map(|i| i.trait_name.as_str()))
                };
                let what = format!("the world `{}` knows no `{}`", self.world.name, type_text_of(path));
                let help = format!("traits of this world are {}", list(sorted(&name, known())));
                self.problems.add(Code::UnknownTrait, path, &what, &help);
                None
            }
            several => {
                let names = several.iter().map(|index| self.world.interfaces[*index].name.as_str());
                let paths = several.iter().map(|index| {
                    let interface = &self.world.interfaces[*index];
                    format!("{}::{}", interface.package.join("::"), interface.trait_name)
                });
                let what = format!("`{}` can mean {}", type_text_of(path), list(names));
                self.problems.add(Code::Ambiguous, path, &what, &format!("write {}", list(paths)));
                None
            }
        }
    }

    fn head(&mut self, block: &ItemImpl) {
        let code = Code::ImplHead;
        if !block.generics.params.is_empty() || block.generics.where_clause.is_some() {
            let what = "a plugin is one type: its impl cannot be generic";
            if block.generics.params.is_empty() {
                self.problems.add(code, &block.generics.where_clause, what, "remove the `where`");
            } else {
                self.problems.add(code, &block.generics, what, "name the types that are meant");
            }
        }
        if let Some(token) = &block.unsafety {
            self.problems.add(code, token, "the traits of a plugin are safe", "remove `unsafe`");
        }
        if let Some((Some(not), ..)) = &block.trait_ {
            self.problems.add(code, not, "a plugin implements its traits", "remove the `!`");
        }
        if !matches!(&*block.self_ty, syn::Type::Path(path) if path.qself.is_none()) {
            let what = format!("`{}` is not a type of this crate", type_text(&block.self_ty));
            self.problems.add(
                code,
                &block.self_ty,
                &what,
                "implement the plugin for a struct: `struct MyPlugin;`",
            );
        }
    }

    fn block(&mut self, position: usize, block: &'a ItemImpl, covered: &[usize]) {
        let Some(owners) = self.owners(block, covered) else { return };
        let mut parts: Vec<Part<'a>> = covered
            .iter()
            .map(|interface| Part {
                interface: *interface,
                block: position,
                functions: Vec::new(),
                types: Vec::new(),
            })
            .collect();
        for item in &block.items {
            match item {
                ImplItem::Fn(function) => self.function(function, &owners, &mut parts, covered),
                ImplItem::Type(ty) => self.resource_type(ty, &mut parts),
                ImplItem::Const(item) => {
                    let help = format!(
                        "move it out of the impl, or to an `impl {}` of its own",
                        type_text(&block.self_ty)
                    );
                    self.problems.add(Code::Extra, &item.ident, "the world has no constants", &help);
                }
                other => {
                    let what = "only functions and `type` can stand here, as nothing else can be held against the world";
                    self.problems.add(Code::Extra, other, what, "write the functions out");
                }
            }
        }
        for part in parts {
            if self.part(block, &part) {
                self.parts.push(part);
            }
        }
    }

    /// Which interface each function name belongs to. What must be implemented goes before what may.
    /// None when it cannot be told.
    fn owners(&mut self, block: &ItemImpl, covered: &[usize]) -> Option<HashMap<String, usize>> {
        let mut clear = true;
        let mut owners: HashMap<String, usize> = HashMap::new();
        for wanted in [Need::Required, Need::Defaulted, Need::Optional] {
            for index in covered.iter().filter(|index| self.world.interfaces[**index].need == wanted) {
                let interface = &self.world.interfaces[*index];
                for function in &interface.functions {
                    match owners.get(&function.name) {
                        Some(other)
                            if wanted == Need::Required
                                || (self.both_may_be_meant(*other, *index) && has(block, &function.name)) =>
                        {
                            clear = false;
                            let other = &self.world.interfaces[*other];
                            let what = format!(
                                "`{}` is in `{}` and in `{}`",
                                function.name, other.name, interface.name
                            );
                            let help = module_form(self.world, block);
                            let place = block.trait_.as_ref().map(|(_, path, _)| path.to_token_stream());
                            self.problems.add(Code::Ambiguous, place, &what, &help);
                        }
                        Some(_) => {}
                        None => {
                            owners.insert(function.name.clone(), *index);
                        }
                    }
                }
            }
        }
        clear.then_some(owners)
    }

    /// Of an application's optional interfaces none goes before another; before ours they do.
    fn both_may_be_meant(&self, one: usize, other: usize) -> bool {
        [one, other].iter().all(|index| {
            let interface = &self.world.interfaces[*index];
            interface.need == Need::Optional && matches!(interface.home, Home::Application(_))
        })
    }

    fn function(
        &mut self,
        function: &'a ImplItemFn,
        owners: &HashMap<String, usize>,
        parts: &mut [Part<'a>],
        covered: &[usize],
    ) {
        let name = function.sig.ident.to_string();
        let Some(owner) = owners.get(&name) else {
            self.extra_function(function, owners, covered);
            return;
        };
        let interface = &self.world.interfaces[*owner];
        let Some(part) = parts.iter_mut().find(|part| part.interface == *owner) else { return };
        if part.functions.iter().any(|other| other.sig.ident == name) {
            self.problems.add(
                Code::Extra,
                &function.sig.ident,
                &format!("`{name}` is here twice"),
                "keep one of them",
            );
            return;
        }
        part.functions.push(function);
        if let Some(wanted) = interface.functions.iter().find(|wanted| wanted.name == name) {
            signature::check(&function.sig, &function.attrs, wanted, self.problems);
        }
    }

    fn extra_function(&mut self, function: &ImplItemFn, owners: &HashMap<String, usize>, covered: &[usize]) {
        let ident = &function.sig.ident;
        let name = ident.to_string();
        let elsewhere = self.world.interfaces.iter().enumerate().find(|(index, interface)| {
            !covered.contains(index) && interface.functions.iter().any(|function| function.name == name)
        });
        let (what, help) = match (elsewhere, covered) {
            (Some((_, interface)), _) => (
                format!("`{name}` belongs to `{}`", interface.name),
                format!(
                    "name the trait `{EVERYTHING}` to have all functions in one impl, or see `#[plugin] mod` for an `impl {}` of its own",
                    interface.trait_name
                ),
            ),
            (None, [one]) => {
                let interface = &self.world.interfaces[*one];
                (format!("`{}` has no function `{name}`", interface.name), self.extra_help(&name, owners))
            }
            (None, _) => (
                format!("the world `{}` has no function `{name}`", self.world.name),
                self.extra_help(&name, owners),
            ),
        };
        self.problems.add(Code::Extra, ident, &what, &help);
    }

    fn extra_help(&self, name: &str, owners: &HashMap<String, usize>) -> String {
        let mut known: Vec<&str> = owners.keys().map(String::as_str).collect();
        known.sort_unstable();
        match nearest(name, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`? Functions of your own go outside of this impl"),
            None => format!("it has {}; functions of your own go outside of this impl", list(known)),
        }
    }

    fn resource_type(&mut self, ty: &'a ImplItemType, parts: &mut [Part<'a>]) {
        let name = ty.ident.to_string();
        let owner =
            parts.iter_mut().find(|part| self.world.interfaces[part.interface].resources.contains(&name));
        if let Some(part) = owner {
            part.types.push(ty);
            return;
        }
        let known: Vec<&str> = parts
            .iter()
            .flat_map(|part| self.world.interfaces[part.interface].resources.iter().map(String::as_str))
            .collect();
        let help = match nearest(&name, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if known.is_empty() => {
                "there are no resources here; a `type` goes outside of this impl".to_owned()
            }
            None => format!("resources here are {}", list(known)),
        };
        self.problems.add(Code::Extra, &ty.ident, &format!("there is no resource `{name}`"), &help);
    }

    /// Whether the interface is exported: all that it wants must be there then.
    fn part(&mut self, block: &ItemImpl, part: &Part<'_>) -> bool {
        let interface = &self.world.interfaces[part.interface];
        let place = block.trait_.as_ref().map(|(_, path, _)| path.to_token_stream());
        let missing: Vec<_> = interface
            .functions
            .iter()
            .filter(|wanted| !part.functions.iter().any(|function| function.sig.ident == wanted.name))
            .collect();
        match interface.need {
            Need::Defaulted => return true,
            Need::Optional
                if part.functions.is_empty() && part.types.is_empty() && !only(interface, block) =>
            {
                return false;
            }
            Need::Optional if !missing.is_empty() => {
                let names = list(missing.iter().map(|function| &function.name));
                let verb = if missing.len() == 1 { "is" } else { "are" };
                let what = format!("`{}` is only half here: {names} {verb} missing", interface.name);
                let stubs: Vec<String> = missing.iter().map(|function| stub(&function.signature())).collect();
                let help = format!("add\n\n{}", stubs.join("\n\n"));
                self.problems.add(Code::HalfState, place, &what, &help);
                return true;
            }
            Need::Optional | Need::Required => {}
        }
        if !missing.is_empty() {
            let names = list(missing.iter().map(|function| &function.name));
            let verb = if missing.len() == 1 { "is" } else { "are" };
            let what = format!("{names} of `{}` {verb} missing", interface.name);
            let stubs: Vec<String> = missing.iter().map(|function| stub(&function.signature())).collect();
            self.problems.add(
                Code::MissingFunction,
                &place,
                &what,
                &format!("add\n\n{}", stubs.join("\n\n")),
            );
        }
        for resource in &interface.resources {
            if part.types.iter().any(|ty| ty.ident == resource) {
                continue;
            }
            let what = format!("nothing implements the resource `{resource}` of `{}`", interface.name);
            let help = format!(
                "add to this impl\n\n    type {resource} = My{resource};\n\nand beside it\n\n    struct My{resource};\n    impl Guest{resource} for My{resource} {{ … }}"
            );
            self.problems.add(Code::Resource, &place, &what, &help);
        }
        true
    }

    /// What concerns all blocks together.
    fn whole(&mut self, model: &Model, blocks: &[(usize, &'a ItemImpl)]) {
        for (n, part) in self.parts.iter().enumerate() {
            let interface = &self.world.interfaces[part.interface];
            let block = blocks[part.block].1;
            if self.parts[..n].iter().any(|other| other.interface == part.interface) {
                let place = block.trait_.as_ref().map(|(_, path, _)| path);
                let what = format!("`{}` is implemented twice", interface.name);
                self.problems.add(Code::SeveralTypes, place, &what, "keep one of them");
            }
            let first = &blocks[self.parts[0].block].1.self_ty;
            if block.self_ty != *first {
                let what = format!(
                    "a plugin is one type: this is `{}`, and there is `{}`",
                    type_text(&block.self_ty),
                    type_text(first)
                );
                self.problems.add(
                    Code::SeveralTypes,
                    &block.self_ty,
                    &what,
                    "implement all interfaces for one of them",
                );
            }
        }
        let missing: Vec<&Interface> = self
            .world
            .required()
            .filter(|index| !self.parts.iter().any(|part| part.interface == *index))
            .map(|index| &self.world.interfaces[index])
            .collect();
        // without any part there was a mistake that hides what is missing
        if missing.is_empty() || (self.parts.is_empty() && !self.problems.is_empty()) {
            return;
        }
        let names = list(missing.iter().map(|interface| &interface.name));
        let what = format!("the world `{}` wants {names} as well", self.world.name);
        match model {
            Model::Impl(block) => {
                let place = block.trait_.as_ref().map(|(_, path, _)| path);
                let form = module_form(self.world, block);
                let help =
                    format!("name the trait `{EVERYTHING}` and put all functions into this impl, or {form}");
                self.problems.add(Code::MissingInterface, place, &what, &help);
            }
            Model::Mod(module) => {
                let ty = blocks
                    .first()
                    .map_or_else(|| "MyPlugin".to_owned(), |(_, block)| type_text(&block.self_ty));
                let impls: Vec<String> = missing.iter().map(|interface| skeleton(interface, &ty)).collect();
                let help = format!("add\n\n{}", impls.join("\n\n"));
                self.problems.add(Code::MissingInterface, &module.ident, &what, &help);
            }
        }
    }
}

/// Whether the block is for that interface alone: then it is wanted, even if empty.
fn only(interface: &Interface, block: &ItemImpl) -> bool {
    let name = block.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
    name.is_some_and(|segment| segment.ident == interface.trait_name && segment.ident != EVERYTHING)
}

fn has(block: &ItemImpl, name: &str) -> bool {
    block.items.iter().any(|item| matches!(item, ImplItem::Fn(function) if function.sig.ident == name))
}

fn stub(signature: &str) -> String {
    format!("    {signature} {{\n        todo!()\n    }}")
}

fn skeleton(interface: &Interface, ty: &str) -> String {
    let types = interface.resources.iter().map(|name| format!("    type {name} = My{name};"));
    let functions = interface.functions.iter().map(|function| stub(&function.signature()));
    let body: Vec<String> = types.chain(functions).collect();
    let body: String = body.join("\n").lines().map(|line| format!("    {line}\n")).collect();
    format!("    impl {} for {ty} {{\n{body}    }}", interface.trait_name)
}

/// How to write a plugin with an impl for each interface.
fn module_form(world: &World, block: &ItemImpl) -> String {
    let ty = type_text(&block.self_ty);
    let names = world.required().map(|index| world.interfaces[index].trait_name.as_str());
    let impls: String = names.map(|name| format!("        impl {name} for {ty} {{ … }}\n")).collect();
    format!(
        "write an impl for each interface:\n\n    #[plugin(…)]\n    mod plugin {{\n        use super::*;\n{impls}    }}"
    )
}

fn type_text_of(path: &syn::Path) -> String {
    type_text(&syn::Type::Path(syn::TypePath { qself: None, path: path.clone() }))
}
