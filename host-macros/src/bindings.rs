//! wasmtime's generator, and what we need to know of the text it writes.

use std::collections::BTreeMap;

use plug_contract::wit_parser::{Resolve, WorldId};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Expr, Ident, ImplItem, ImplItemFn, Item, ItemImpl, Path, Stmt, Type};
use wasmtime_internal_wit_bindgen::{FunctionConfig, FunctionFilter, FunctionFlags, Opts};

/// What steers the generator.
pub(crate) struct Options {
    /// Where `plug-host` is found.
    pub(crate) krate: String,
    pub(crate) imports: FunctionConfig,
    pub(crate) with: BTreeMap<String, String>,
    pub(crate) derives: Vec<String>,
}

/// The bindings of a world, and the names in them.
pub(crate) struct Bindings {
    /// All of the generated code.
    pub(crate) code: TokenStream,
    /// The struct that stands for an instance.
    pub(crate) world: Ident,
    /// The struct of the export indices.
    pub(crate) indices: Ident,
    /// The modules of the imported interfaces, in the order of the world.
    pub(crate) imports: Vec<Path>,
    /// Short accessors for the exported interfaces.
    accessors: Vec<Accessor>,
}

/// `image_filter()` beside `acme_images_image_filter()`.
struct Accessor {
    short: Ident,
    long: Ident,
    output: Type,
}

impl Bindings {
    pub(crate) fn generate(resolve: &Resolve, world: WorldId, options: Options) -> Result<Bindings, String> {
        let mut exports = FunctionConfig::new();
        exports.push(FunctionFilter::Default, FunctionFlags::ASYNC);
        let opts = Opts {
            imports: options.imports,
            exports,
            with: options.with.into_iter().collect(),
            additional_derive_attributes: options.derives,
            wasmtime_crate: Some(format!("{}::wasmtime", options.krate)),
            require_store_data_send: true,
            ..Opts::default()
        };
        let text = opts.generate(&mut resolve.clone(), world).map_err(|why| format!("{why:#}"))?;
        let code: TokenStream =
            text.parse().map_err(|why| format!("the generated bindings do not parse: {why}"))?;
        let file: syn::File =
            syn::parse2(code.clone()).map_err(|why| format!("the generated bindings do not parse: {why}"))?;
        let world = world_struct(&file).ok_or("the generated bindings have no struct for the world")?;
        let methods = methods_of(&file, &world);
        Ok(Bindings {
            code,
            indices: format_ident!("{world}Indices"),
            imports: linked_paths(&methods),
            accessors: accessors(&methods),
            world,
        })
    }

    /// The accessors as an impl block that stands among the bindings.
    pub(crate) fn accessors(&self) -> TokenStream {
        if self.accessors.is_empty() {
            return TokenStream::new();
        }
        let world = &self.world;
        let methods = self.accessors.iter().map(|Accessor { short, long, output }| {
            let doc = format!("The same as [`{long}`](Self::{long}).");
            quote! {
                #[doc = #doc]
                pub fn #short(&self) -> #output {
                    self.#long()
                }
            }
        });
        quote! {
            impl #world {
                #(#methods)*
            }
        }
    }
}

/// The struct `X` for which there are also `XPre` and `XIndices`.
fn world_struct(file: &syn::File) -> Option<Ident> {
    let structs: Vec<String> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    let name = structs.iter().find(|name| {
        structs.contains(&format!("{name}Pre")) && structs.contains(&format!("{name}Indices"))
    })?;
    Some(format_ident!("{name}"))
}

/// The inherent methods of `world`; the generator puts them into a `const _: () = { … }`.
fn methods_of(file: &syn::File, world: &Ident) -> Vec<ImplItemFn> {
    let is_ours = |item: &ItemImpl| {
        item.trait_.is_none() && matches!(&*item.self_ty, Type::Path(ty) if ty.path.is_ident(world))
    };
    let mut methods = Vec::new();
    let mut take = |item: &ItemImpl| {
        if is_ours(item) {
            methods.extend(item.items.iter().filter_map(|item| match item {
                ImplItem::Fn(method) => Some(method.clone()),
                _ => None,
            }));
        }
    };
    for item in &file.items {
        match item {
            Item::Impl(item) => take(item),
            Item::Const(item) => {
                if let Expr::Block(block) = &*item.expr {
                    for statement in &block.block.stmts {
                        if let Stmt::Item(Item::Impl(item)) = statement {
                            take(item);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    methods
}

/// `add_to_linker` of the world calls that of each interface, in the order of the imports.
fn linked_paths(methods: &[ImplItemFn]) -> Vec<Path> {
    let Some(method) = methods.iter().find(|method| method.sig.ident == "add_to_linker") else {
        return Vec::new();
    };
    let called = |statement: &Stmt| -> Option<Path> {
        let Stmt::Expr(Expr::Try(tried), _) = statement else { return None };
        let Expr::Call(call) = &*tried.expr else { return None };
        let Expr::Path(function) = &*call.func else { return None };
        let mut path = function.path.clone();
        let last = path.segments.pop()?.into_value();
        path.segments.pop_punct();
        (last.ident == "add_to_linker" && !path.is_ident("Self")).then_some(path)
    };
    method.block.stmts.iter().filter_map(called).collect()
}

fn accessors(methods: &[ImplItemFn]) -> Vec<Accessor> {
    let mut found: Vec<Accessor> = methods
        .iter()
        .filter_map(|method| {
            let syn::ReturnType::Type(_, output) = &method.sig.output else { return None };
            let Type::Reference(reference) = &**output else { return None };
            let Type::Path(ty) = &*reference.elem else { return None };
            let mut segments = ty.path.segments.iter().rev();
            if segments.next()?.ident != "Guest" {
                return None;
            }
            let short = segments.next()?.ident.clone();
            Some(Accessor { short, long: method.sig.ident.clone(), output: (**output).clone() })
        })
        .collect();
    let shorts: Vec<String> = found.iter().map(|accessor| accessor.short.to_string()).collect();
    found.retain(|accessor| {
        let name = accessor.short.to_string();
        let taken = methods.iter().any(|method| method.sig.ident == accessor.short);
        let twice = shorts.iter().filter(|short| **short == name).count() > 1;
        !taken && !twice
    });
    found
}
