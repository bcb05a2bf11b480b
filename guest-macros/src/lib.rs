//! The `#[plugin]` macro of the Plug guest SDK. Use it through `plug_guest_sdk`, whose version is
//! tied to this one.
//!
//! A macro is a small compiler: its stages are `args` → `model` → `world` → `validate` → `expand`,
//! and `fallback` when something is wrong. All but this file are plain functions of tokens.

mod args;
mod bindings;
mod expand;
mod expansion_file;
mod fallback;
mod manifest;
mod model;
mod nearest;
mod obstacle;
mod ours;
mod pipeline;
mod problem;
mod rust_type;
mod signature;
mod validate;
mod world;

use proc_macro::TokenStream;

/// Makes a plugin of an impl: see the guide of `plug_guest_sdk`.
#[proc_macro_attribute]
pub fn plugin(args: TokenStream, item: TokenStream) -> TokenStream {
    let krate = manifest::Crate::current();
    let expansion = pipeline::run(args.into(), item.into(), &krate).into_tokens();
    let tracked = expansion_file::write(&expansion, &krate);
    quote::quote!(#expansion #tracked).into()
}

/// The SDK's module for generated code. Not for plugins.
#[doc(hidden)]
#[proc_macro]
pub fn __sdk_private(_: TokenStream) -> TokenStream {
    match bindings::sdk() {
        Ok(tokens) => tokens.into(),
        Err(error) => {
            let text = error.0;
            quote::quote!(::core::compile_error!(#text);).into()
        }
    }
}
