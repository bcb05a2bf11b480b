//! From the checked world to code.

use std::collections::BTreeMap;

use heck::ToSnakeCase as _;
use plug_contract::Wit;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Error, Ident, LitStr, Path};
use wasmtime_internal_wit_bindgen::FunctionConfig;

use crate::args::{BaseArgs, WorldArgs, written};
use crate::bindings::{Bindings, Options};
use crate::named;
use crate::source::{Provider, Source};

pub(crate) fn world(args: &WorldArgs) -> Result<TokenStream, Error> {
    let source = Source::load(args)?;
    let krate = &args.krate;
    let options = Options {
        krate: written(krate),
        imports: args.imports.clone(),
        with: replacements(args, &source),
        derives: args.derives.clone(),
        optional: source.optional.clone(),
    };
    // what wasmtime's generator refuses are options that do not fit the world
    let fail = |why: String| Error::new(args.world_span(), format!("{why} [PLG0516]"));
    let bindings = Bindings::generate(source.resolve(), source.world, options).map_err(fail)?;

    let module = args
        .module
        .clone()
        .unwrap_or_else(|| Ident::new(&args.name.to_string().to_snake_case(), args.name.span()));
    let code = module_of(&module, &args.visibility, &source.contract.id(), &bindings);
    let link = link(args, &source, &bindings, &module).map_err(fail)?;
    let text = source.text().map_err(fail)?;
    let files = source.files.iter().map(|file| {
        let file = file.display().to_string();
        quote!(
            const _: &[u8] = include_bytes!(#file);
        )
    });
    let capabilities = &source.capabilities;
    let WorldArgs { attributes, visibility, name, .. } = args;
    let app = args.app.as_ref().map_or_else(|| quote!(()), |app| quote!(#app));
    let id = source.contract.id();
    let (indices, world) = (&bindings.indices, &bindings.world);
    let doc = format!("The world `{id}`, with its bindings in [`{module}`].");

    Ok(quote! {
        #code
        #(#files)*

        #(#attributes)*
        #[doc = #doc]
        #[derive(Debug, Clone, Copy)]
        #visibility enum #name {}

        impl #krate::World for #name {
            type App = #app;
            type Indices = #module::#indices;
            type Bindings = #module::#world;

            fn contract() -> &'static #krate::Contract {
                static CONTRACT: ::std::sync::LazyLock<#krate::Contract> =
                    ::std::sync::LazyLock::new(|| #krate::__private::contract(#text, #id));
                &CONTRACT
            }

            fn capabilities() -> &'static [&'static str] {
                &[#(#capabilities),*]
            }

            fn link(
                linker: &mut #krate::wasmtime::component::Linker<#krate::State<#app>>,
            ) -> #krate::wasmtime::Result<()> {
                let _ = &linker;
                #link
                ::core::result::Result::Ok(())
            }

            fn prepare(
                pre: &#krate::wasmtime::component::InstancePre<#krate::State<#app>>,
            ) -> #krate::wasmtime::Result<Self::Indices> {
                #module::#indices::new(pre)
            }

            fn bind(
                indices: &Self::Indices,
                store: &mut #krate::wasmtime::Store<#krate::State<#app>>,
                instance: &#krate::wasmtime::component::Instance,
            ) -> #krate::wasmtime::Result<Self::Bindings> {
                indices.load(store, instance)
            }
        }
    })
}

/// What a host uses of any plugin that exports it, whatever the application's own contract is.
const BASE_OPTIONAL: [&str; 1] = ["plug:plugin/event-handler@1.0.0"];

pub(crate) fn base(args: &BaseArgs) -> Result<TokenStream, Error> {
    let fail = |why: String| Error::new(args.module.span(), why);
    let mut wit = Wit::standard();
    let world = wit.select_world(Some("base")).map_err(|why| fail(why.to_string()))?;
    let uses = BASE_OPTIONAL.map(|name| LitStr::new(name, args.module.span()));
    let uses = named::interfaces(wit.resolve(), world, &uses)?;
    wit.add_optional_exports(world, &uses);
    let optional = wit.optional_exports(world).map_err(|why| fail(why.to_string()))?;
    let resolve = wit.with_optional_exports(world, &optional).map_err(|why| fail(why.to_string()))?;
    let options = Options {
        krate: written(&args.krate),
        imports: FunctionConfig::new(),
        with: BTreeMap::new(),
        derives: vec!["PartialEq".to_owned(), "Eq".to_owned()],
        optional,
    };
    let bindings = Bindings::generate(&resolve, world, options).map_err(fail)?;
    Ok(module_of(&args.module, &syn::parse_quote!(pub(crate)), "plug:plugin/base@1.0.0", &bindings))
}

/// The module with the bindings. What it holds is wasmtime's, so our lints do not apply.
fn module_of(module: &Ident, visibility: &syn::Visibility, id: &str, bindings: &Bindings) -> TokenStream {
    let doc = format!("Bindings of the world `{id}`, as `bindgen!` of wasmtime makes them.");
    let code = &bindings.code;
    let accessors = bindings.accessors();
    quote! {
        #[doc = #doc]
        // a WIT case named `lower` or `lift` meets the derives' associated types of that name
        #[allow(ambiguous_associated_items)]
        #[allow(clippy::all, clippy::pedantic, dead_code, missing_docs, unreachable_pub, unsafe_code, unused)]
        #visibility mod #module {
            #code
            #accessors
        }
    }
}

/// Our own interface and those of WASI are the host's: the bindings share the host's types.
fn replacements(args: &WorldArgs, source: &Source) -> BTreeMap<String, String> {
    let krate = written(&args.krate);
    let mut with: BTreeMap<String, String> = args.with.iter().cloned().collect();
    for import in source.imports() {
        match import.provider {
            Provider::HostApi => {
                with.insert(import.name, format!("{krate}::__private::host_api"));
            }
            Provider::Wasi => {
                with.entry("wasi".to_owned()).or_insert_with(|| format!("{krate}::__private::wasi"));
            }
            Provider::Application | Provider::Capability => {}
        }
    }
    with
}

/// One `add_to_linker` for each interface that the application serves.
fn link(
    args: &WorldArgs,
    source: &Source,
    bindings: &Bindings,
    module: &Ident,
) -> Result<TokenStream, String> {
    let imports = source.imports();
    if imports.len() != bindings.imports.len() {
        return Err(format!(
            "the world imports {} interfaces, but the generated bindings link {}",
            imports.len(),
            bindings.imports.len()
        ));
    }
    let Some(app) = &args.app else { return Ok(TokenStream::new()) };
    let krate = &args.krate;
    let data = quote!(#krate::__private::HasSelf<#app>);
    let mut calls: Vec<TokenStream> = imports
        .iter()
        .zip(&bindings.imports)
        .filter(|(import, _)| import.linked && import.provider == Provider::Application)
        .map(|(_, path): (_, &Path)| {
            quote!(#module::#path::add_to_linker::<_, #data>(linker, |state| state.app_mut())?;)
        })
        .collect();
    if source.has_own_functions() {
        let world = format_ident!("{}", bindings.world);
        calls.push(
            quote!(#module::#world::add_to_linker_imports::<_, #data>(linker, |state| state.app_mut())?;),
        );
    }
    Ok(quote!(#(#calls)*))
}
