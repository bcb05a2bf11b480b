//! The `world!` macro of `plug-host`. Use it as `plug_host::world!`; the generated code names
//! nothing but `::plug_host`.

mod args;
mod bindings;
mod expand;
mod named;
mod optional;
mod source;

use proc_macro::TokenStream;

use crate::args::{BaseArgs, WorldArgs};

/// Makes a type that stands for a world of the application's own, ready for `Host::<ThatType>`.
///
/// ```ignore
/// plug_host::world! {
///     /// What an image filter is.
///     pub Filter: "wit",                   // folder of WIT, beside Cargo.toml; left out: our own package
///     world = "acme:images/filter",        // may be left out when the package has one world
///     optional = ["acme:images/preview"],  // a plugin may export it; left out: see below
///     app = Shop,                          // serves the world's own imports; left out: there are none
///     imports = { "acme:images/stock.fetch": async | trappable, default: trappable },
///     with = { "acme:images/stock.item": crate::Item },
///     derives = [PartialEq],
/// }
/// ```
///
/// It writes
/// - a module named after the type (`filter`) with the bindings that `wasmtime::component::bindgen!`
///   makes of the world, all exports async, and on the world's struct a short accessor for each
///   exported interface (`image_filter()` beside `acme_images_image_filter()`);
/// - the type itself, an empty enum that implements `plug_host::World`. It embeds the WIT, so that
///   the host can judge a plugin by it.
///
/// The folder may leave out `deps/plug-plugin`: our own package is supplied. A world that does not
/// include `plug:plugin/base` is refused. When a WIT file changes, the crate is rebuilt.
///
/// # Imports of the world
/// Interfaces with functions, other than `plug:plugin/host-api` and WASI, are the application's to
/// serve: `app` names the type that implements their generated `Host` traits
/// (`filter::acme::images::stock::Host`). Each instance has a value of it.
///
/// `capabilities = ["acme:images/stock"]` names those that capabilities of the application serve
/// instead (`plug_host::Capability`): they need no `app`, and plugins have to be granted them.
///
/// # Optional interfaces
/// A world `filter-optional` beside `filter` names interfaces that a plugin may export and need
/// not. They are looked up when a plugin is loaded, and their accessors give an `Option`
/// (`preview()`). A plugin that exports one of another type is refused.
///
/// `optional` names more of them, for this host alone: `"acme:images/preview@1.2.0"`, the same
/// without its version, or `"preview"` for one of the world's own package. Prefer the world: authors
/// of plugins and `cargo plug check-compat` see it too.
///
/// # Options
/// `imports`, `with` and `derives` have the meaning of `imports`, `with` and `additional_derives`
/// in `wasmtime::component::bindgen!`. `module = name` gives the module another name.
#[proc_macro]
pub fn world(input: TokenStream) -> TokenStream {
    let args = syn::parse_macro_input!(input as WorldArgs);
    expand::world(&args).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// The bindings of `plug:plugin/base`, for `plug-host` itself.
#[doc(hidden)]
#[proc_macro]
pub fn base(input: TokenStream) -> TokenStream {
    let args = syn::parse_macro_input!(input as BaseArgs);
    expand::base(&args).unwrap_or_else(syn::Error::into_compile_error).into()
}

#[cfg(test)]
mod tests;
