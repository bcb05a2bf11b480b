//! wasmtime's generator, and what we need to know of the text it writes.

use std::collections::BTreeMap;

use plug_contract::wit_parser::{Resolve, WorldId};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};
use syn::{
    Expr, GenericArgument, Ident, ImplItem, ImplItemFn, Item, ItemImpl, Path, PathArguments, PathSegment,
    Stmt, Type,
};
use wasmtime_internal_wit_bindgen::{FunctionConfig, FunctionFilter, FunctionFlags, Opts};

use crate::optional::{OptionalFields, make_optional};

/// What steers the generator.
pub(crate) struct Options {
    /// Where `plug-host` is found.
    pub(crate) krate: String,
    pub(crate) imports: FunctionConfig,
    pub(crate) with: BTreeMap<String, String>,
    pub(crate) derives: Vec<String>,
    /// The names of the exported interfaces that a plugin may leave out.
    pub(crate) optional: Vec<String>,
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
        let mut file: syn::File =
            syn::parse2(code.clone()).map_err(|why| format!("the generated bindings do not parse: {why}"))?;
        let name = world_struct(&file).ok_or("the generated bindings have no struct for the world")?;
        let optional = optional_fields(resolve, world, &options.optional);
        make_optional(&mut file, &name, &optional)?;
        let methods = methods_of(&file, &name);
        Ok(Bindings {
            code: if optional.is_empty() { code } else { file.into_token_stream() },
            indices: format_ident!("{name}Indices"),
            imports: linked_paths(&methods),
            accessors: accessors(&methods),
            world: name,
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

/// The generator numbers the fields of interfaces by their place among the exports.
fn optional_fields(resolve: &Resolve, world: WorldId, names: &[String]) -> OptionalFields {
    let exports = resolve.worlds[world].exports.keys().map(|key| resolve.name_world_key(key));
    exports
        .enumerate()
        .filter(|(_, name)| names.contains(name))
        .map(|(place, name)| (format!("interface{place}"), name))
        .collect()
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

/// What may be there, for an optional interface.
fn in_option(ty: &Type) -> &Type {
    let Type::Path(path) = ty else { return ty };
    let Some(PathSegment { ident, arguments: PathArguments::AngleBracketed(arguments) }) =
        path.path.segments.last()
    else {
        return ty;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if ident == "Option" => inner,
        _ => ty,
    }
}

fn accessors(methods: &[ImplItemFn]) -> Vec<Accessor> {
    let mut found: Vec<Accessor> = methods
        .iter()
        .filter_map(|method| {
            let syn::ReturnType::Type(_, output) = &method.sig.output else { return None };
            let Type::Reference(reference) = in_option(output) else { return None };
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
