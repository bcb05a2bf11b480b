//! Calls wit-bindgen as a library.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use plug_contract::Wit;
use plug_contract::wit_parser::{
    Handle, IndexMap, InterfaceId, Resolve, Type, TypeDefKind, TypeId, TypeOwner, WorldId, WorldItem,
    WorldKey,
};
use proc_macro2::{Ident, LexError, Span, TokenStream};
use quote::{format_ident, quote};
use wit_bindgen_core::{Files, WorldGenerator};
use wit_bindgen_rust::{Opts, WithOption};

use crate::ours::our_name;
use crate::rust_type::camel;
use crate::world::{World, is_resource, module_path};

/// The SDK's module for generated code. It has the version in its name, so that an SDK and a macro
/// that were not made for each other do not compile.
pub(crate) fn private_name() -> String {
    format!("__private{}", env!("CARGO_PKG_VERSION").replace(['.', '-'], ""))
}

/// `::plug_guest_sdk::__private…`
pub(crate) fn private() -> TokenStream {
    let name = format_ident!("{}", private_name());
    quote!(::plug_guest_sdk::#name)
}

/// wit-bindgen cannot make bindings, although the WIT is valid: why.
#[derive(Debug)]
pub(crate) struct BindingsError(pub(crate) String);

fn options() -> Opts {
    let runtime = format!("::plug_guest_sdk::{}::rt", private_name());
    Opts {
        bitflags_path: Some(format!("{runtime}::bitflags")),
        runtime_path: Some(runtime),
        generate_all: true,
        additional_derive_attributes: vec!["PartialEq".to_owned()],
        ..Opts::default()
    }
}

fn generate(opts: Opts, resolve: &mut Resolve, world: WorldId) -> Result<TokenStream, BindingsError> {
    // wit-bindgen panics at worlds that it does not know how to do
    let source = catch_unwind(AssertUnwindSafe(|| {
        let mut files = Files::default();
        opts.build().generate(resolve, world, &mut files).map_err(|error| format!("{error:#}"))?;
        let source = files.iter().next().map(|(_, source)| source.to_vec()).unwrap_or_default();
        String::from_utf8(source).map_err(|error| error.to_string())
    }));
    let source = source.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        Err(text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default())
    });
    let tokens = source.and_then(|source| source.parse().map_err(|error: LexError| error.to_string()));
    tokens.map_err(BindingsError)
}

/// Lints do not concern generated code, whatever the crate says about them: `warnings` are all
/// that only warn, the others are those that a crate may deny.
pub(crate) fn lint_exemption() -> TokenStream {
    quote! {
        #[allow(warnings, unused, nonstandard_style, rust_2018_idioms, missing_docs, missing_debug_implementations,
            missing_copy_implementations, trivial_casts, trivial_numeric_casts, unreachable_pub,
            unsafe_code, unsafe_op_in_unsafe_fn, unused_qualifications, clippy::all, clippy::pedantic)]
    }
}

/// The module `bindings` of an application's world.
pub(crate) fn application(world: &World) -> Result<TokenStream, BindingsError> {
    let Some((resolve, id)) = &world.application else { return Ok(TokenStream::new()) };
    let mut resolve = resolve.clone();
    let prelude = prelude(&resolve, *id);
    let mut opts = options();
    // types that no function uses are a part of the contract as well
    opts.generate_unused_types = true;
    opts.additional_derive_ignore = without_equality(&resolve);
    opts.with = shared_with_sdk(&resolve, *id);
    let generated = generate(opts, &mut resolve, *id)?;
    let files = world.files.iter().filter_map(|path| path.to_str());
    let lints = lint_exemption();
    let docs = format!("Bindings of the world `{}`.", world.name);
    Ok(quote! {
        #[doc = #docs]
        #lints
        pub mod bindings {
            #generated
            #prelude
            // an edit of the WIT rebuilds the crate
            #(const _: &[u8] = ::core::include_bytes!(#files);)*
        }
    })
}

/// Interfaces of ours that the world imports are those of the SDK, with the same types.
fn shared_with_sdk(resolve: &Resolve, id: WorldId) -> Vec<(String, WithOption)> {
    let mut shared = Vec::new();
    for (key, item) in &resolve.worlds[id].imports {
        let WorldItem::Interface { id, .. } = item else { continue };
        let interface = &resolve.interfaces[*id];
        let Some(package) = interface.package.map(|package| &resolve.packages[package].name) else {
            continue;
        };
        if package.namespace != "plug" || package.name != "plugin" {
            continue;
        }
        let Some(name) = &interface.name else { continue };
        let module = name.replace('-', "_");
        let path = format!("::plug_guest_sdk::{}::{module}::types", private_name());
        shared.push((resolve.name_world_key(key), WithOption::Path(path)));
    }
    shared
}

/// Types that hold a handle cannot be compared; wit-bindgen wants them by their bare names.
fn without_equality(resolve: &Resolve) -> Vec<String> {
    fn holds_handle(resolve: &Resolve, ty: &Type, seen: &mut HashSet<TypeId>) -> bool {
        let Type::Id(id) = ty else { return matches!(ty, Type::ErrorContext) };
        if !seen.insert(*id) {
            return false;
        }
        let mut holds = |ty: &Type| holds_handle(resolve, ty, seen);
        match &resolve.types[*id].kind {
            TypeDefKind::Resource | TypeDefKind::Handle(Handle::Own(_) | Handle::Borrow(_)) => true,
            TypeDefKind::Future(_) | TypeDefKind::Stream(_) => true,
            TypeDefKind::Record(record) => record.fields.iter().any(|field| holds(&field.ty)),
            TypeDefKind::Variant(variant) => {
                variant.cases.iter().filter_map(|case| case.ty.as_ref()).any(holds)
            }
            TypeDefKind::Tuple(tuple) => tuple.types.iter().any(holds),
            TypeDefKind::Option(ty)
            | TypeDefKind::List(ty)
            | TypeDefKind::FixedLengthList(ty, _)
            | TypeDefKind::Type(ty) => holds(ty),
            TypeDefKind::Map(key, value) => holds(key) || holds(value),
            TypeDefKind::Result(result) => result.ok.iter().chain(&result.err).any(holds),
            TypeDefKind::Flags(_) | TypeDefKind::Enum(_) | TypeDefKind::Unknown => false,
        }
    }
    let named = resolve.types.iter().filter_map(|(id, definition)| Some((id, definition.name.clone()?)));
    named
        .filter(|(id, _)| holds_handle(resolve, &Type::Id(*id), &mut HashSet::new()))
        .map(|(_, name)| name)
        .collect()
}

/// The module `bindings::prelude`: the types of the world by their short names, and its traits.
fn prelude(resolve: &Resolve, id: WorldId) -> TokenStream {
    let world = &resolve.worlds[id];
    let traits = interfaces(&world.exports).filter_map(|(key, id)| {
        let interface = &resolve.interfaces[id];
        let has_trait = interface.functions.values().any(|function| function.kind.resource().is_none())
            || interface.types.values().any(|ty| is_resource(resolve, *ty));
        let path = idents(&module_path(resolve, key, true));
        has_trait.then(|| quote!(pub use super::#(#path::)*Guest as _;))
    });
    let of_the_world = world.exports.values().any(|item| matches!(item, WorldItem::Function(_)));
    let of_the_world = of_the_world.then(|| quote! { pub use super::Guest as _; });
    let names = Names::of(resolve, id);
    let types = names.unique().map(|(name, path)| {
        let (name, path) = (format_ident!("{name}"), idents(path));
        quote!(pub use super::#(#path::)*#name;)
    });
    quote! {
        /// The types of the world by their short names, and its traits.
        pub mod prelude {
            #(#types)*
            #(#traits)*
            #of_the_world
        }
    }
}

/// Types of the application that have a name which the SDK's prelude has as well: they are meant.
pub(crate) fn shadowing(world: &World) -> Vec<Ident> {
    let Some((resolve, id)) = &world.application else { return Vec::new() };
    let names = Names::of(resolve, *id);
    let names = names.unique().filter(|(name, _)| ["ProcessRequest", "ProcessResponse"].contains(name));
    names.map(|(name, _)| format_ident!("{name}")).collect()
}

fn interfaces(items: &IndexMap<WorldKey, WorldItem>) -> impl Iterator<Item = (&WorldKey, InterfaceId)> {
    items.iter().filter_map(|(key, item)| match item {
        WorldItem::Interface { id, .. } => Some((key, *id)),
        WorldItem::Function(_) | WorldItem::Type { .. } => None,
    })
}

fn idents(path: &[String]) -> Vec<Ident> {
    path.iter().map(|name| Ident::new(name, Span::call_site())).collect()
}

/// The short names of a world's types. A name that stands for two different types is left out:
/// rustc lists both when it is used.
struct Names<'a> {
    resolve: &'a Resolve,
    /// With the modules in which they are.
    types: Vec<(String, Vec<String>)>,
    /// What each name stands for; none when two things.
    meanings: HashMap<String, Option<TypeId>>,
}

impl<'a> Names<'a> {
    fn of(resolve: &'a Resolve, id: WorldId) -> Names<'a> {
        let world = &resolve.worlds[id];
        let mut names = Names { resolve, types: Vec::new(), meanings: HashMap::new() };
        for (key, interface) in interfaces(&world.exports) {
            names.add_interface(key, interface, true);
        }
        for (name, item) in &world.imports {
            if let (WorldKey::Name(name), WorldItem::Type { id, .. }) = (name, item) {
                names.add(&camel(name), &[], *id);
            }
        }
        for (key, interface) in interfaces(&world.imports) {
            names.add_interface(key, interface, false);
        }
        names
    }

    fn unique(&self) -> impl Iterator<Item = (&str, &[String])> {
        let unique = self.types.iter().filter(|(name, _)| self.meanings[name].is_some());
        unique.map(|(name, path)| (name.as_str(), path.as_slice()))
    }

    fn add_interface(&mut self, key: &WorldKey, id: InterfaceId, exported: bool) {
        if our_name(self.resolve, id).is_some() {
            return;
        }
        let path = module_path(self.resolve, key, exported);
        for (name, ty) in &self.resolve.interfaces[id].types {
            let name = camel(name);
            self.add(&name, &path, *ty);
            if exported && is_resource(self.resolve, *ty) {
                self.add(&format!("{name}Borrow"), &path, *ty);
                self.add(&format!("Guest{name}"), &path, *ty);
            }
        }
    }

    fn add(&mut self, name: &str, path: &[String], ty: TypeId) {
        let meaning = self.definition(ty);
        // those of the standard job are in the SDK's prelude
        if let TypeOwner::Interface(owner) = self.resolve.types[meaning].owner
            && our_name(self.resolve, owner) == Some("processor")
        {
            return;
        }
        match self.meanings.get(name) {
            None => {
                self.meanings.insert(name.to_owned(), Some(meaning));
                self.types.push((name.to_owned(), path.to_vec()));
            }
            Some(known) if *known == Some(meaning) => {}
            Some(_) => {
                self.meanings.insert(name.to_owned(), None);
            }
        }
    }

    /// What an alias stands for in the end.
    fn definition(&self, mut ty: TypeId) -> TypeId {
        while let TypeDefKind::Type(Type::Id(target)) = self.resolve.types[ty].kind {
            ty = target;
        }
        ty
    }
}

/// The SDK's own module for generated code: bindings of each of our interfaces by itself, so that
/// a plugin exports those that it implements and no other.
///
/// What a library says of its imports gets lost when the linker leaves out the object that says it.
/// So the import stands with the lifecycle's export as well: that is told by the plugin's crate.
pub(crate) fn sdk() -> Result<TokenStream, BindingsError> {
    let wit = Wit::from_text(
        "sdk.wit",
        "package plug:sdk;
         world host-api { import plug:plugin/host-api@1.0.0; }
         world lifecycle { import plug:plugin/host-api@1.0.0; export plug:plugin/lifecycle@1.0.0; }
         world processor { export plug:plugin/processor@1.0.0; }
         world health { export plug:plugin/health@1.0.0; }
         world state { export plug:plugin/state@1.0.0; }
         world event-handler { export plug:plugin/event-handler@1.0.0; }",
    )
    .map_err(|error| BindingsError(error.to_string()))?;
    let mut modules = Vec::new();
    for world in wit.world_names() {
        let id = wit.select_world(Some(&world)).map_err(|error| BindingsError(error.to_string()))?;
        let mut opts = options();
        opts.pub_export_macro = true;
        opts.with = if world == "host-api" { Vec::new() } else { shared_with_sdk(wit.resolve(), id) };
        let generated = generate(opts, &mut wit.resolve().clone(), id)?;
        let name = format_ident!("{}", world.replace('-', "_"));
        let exported = (world != "host-api").then(|| quote!(exports::)).into_iter();
        modules.push(quote! {
            pub mod #name {
                #generated
                pub use self::#(#exported)*plug::plugin::#name as types;
                pub use self::types::*;
            }
        });
    }
    let name = format_ident!("{}", private_name());
    let lints = lint_exemption();
    Ok(quote! {
        #[doc(hidden)]
        #lints
        pub mod #name {
            pub mod rt { pub use crate::runtime::*; }
            #(#modules)*
        }
        use #name as private;
    })
}
