//! The Rust that a valid plugin becomes.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Item, ItemImpl, ItemMod};

use crate::bindings::{lint_exemption, private, shadowing};
use crate::model::{Model, kept_attributes};
use crate::problem::SECOND_PLUGIN;
use crate::validate::{Part, Plan, blocks};
use crate::world::{Home, Need, World};

#[cfg(test)]
mod tests;

/// The plugin's impls under the names that the bindings have for them, and the exports.
pub(crate) fn expand(model: &Model, world: &World, plan: &Plan<'_>) -> TokenStream {
    let blocks = blocks(model);
    let marker = marker();
    match model {
        Model::Impl(block) => {
            let scope = Scope { world, base: quote!(bindings) };
            let impls = plan.parts.iter().map(|part| scope.implementation(block, part));
            let uses = scope.uses(plan);
            let (defaults, exports) = (scope.default_impls(block, plan), scope.exports(block, plan));
            quote! { #uses #(#impls)* #defaults #exports #marker }
        }
        Model::Mod(module) => {
            let outside = Scope { world, base: quote!(bindings) }.uses(plan);
            let scope = Scope { world, base: quote!(super::bindings) };
            let uses = scope.uses(plan);
            let exports = blocks.get(plan.parts.first().map_or(0, |part| part.block)).map(|(_, block)| {
                let (defaults, exports) = (scope.default_impls(block, plan), scope.exports(block, plan));
                quote!(#defaults #exports)
            });
            let items =
                module.content.iter().flat_map(|(_, items)| items.iter().enumerate()).map(|(index, item)| {
                    let parts = plan.parts.iter().filter(|part| blocks[part.block].0 == index);
                    let mut impls =
                        parts.map(|part| scope.implementation(blocks[part.block].1, part)).peekable();
                    if impls.peek().is_some() && matches!(item, Item::Impl(_)) {
                        impls.collect()
                    } else {
                        item.to_token_stream()
                    }
                });
            let body = quote! { #uses #(#items)* #exports };
            let module = with_body(module, &body);
            quote! { #outside #module #marker }
        }
    }
}

/// The module with other items in it.
pub(crate) fn with_body(module: &ItemMod, body: &TokenStream) -> TokenStream {
    let attrs = kept_attributes(&module.attrs);
    let (vis, token, ident) = (&module.vis, &module.mod_token, &module.ident);
    quote! { #(#attrs)* #vis #token #ident { #body } }
}

/// The names that both forms of a plugin find in scope.
pub(crate) fn uses(world: &World, base: &TokenStream) -> TokenStream {
    if world.application.is_none() {
        return TokenStream::new();
    }
    let shadowing = shadowing(world);
    quote! {
        #[allow(warnings)] use #base::prelude::*;
        #(#[allow(warnings)] use #base::prelude::#shadowing;)*
    }
}

/// A second plugin in one crate defines this a second time, and rustc tells that with both places.
fn marker() -> TokenStream {
    let name = format_ident!("{}_a_crate_holds_one_plugin", SECOND_PLUGIN);
    quote! {
        #[doc(hidden)]
        #[allow(warnings)]
        #[macro_export]
        macro_rules! #name { () => {}; }
    }
}

struct Scope<'w> {
    world: &'w World,
    /// The path of the module `bindings` from here.
    base: TokenStream,
}

impl Scope<'_> {
    /// Where wit-bindgen's macros and traits of an interface are.
    fn home(&self, home: &Home, span: Span) -> TokenStream {
        match home {
            Home::Sdk(module) => {
                let private = private();
                let module = Ident::new(module, span);
                quote_spanned!(span=> #private::#module)
            }
            Home::Application(path) => {
                let base = &self.base;
                let path = path.iter().map(|name| Ident::new(name, span));
                quote_spanned!(span=> #base #(::#path)*)
            }
        }
    }

    /// The interfaces of ours that are exported: those with an impl, and those with a default.
    fn ours(&self, plan: &Plan<'_>) -> Vec<TokenStream> {
        let exported = self.world.interfaces.iter().enumerate().filter(|(index, interface)| {
            matches!(interface.home, Home::Sdk(_))
                && (interface.need == Need::Defaulted
                    || plan.parts.iter().any(|part| part.interface == *index))
        });
        exported.map(|(_, interface)| self.home(&interface.home, Span::call_site())).collect()
    }

    fn uses(&self, plan: &Plan<'_>) -> TokenStream {
        let traits = self.ours(plan);
        let types = uses(self.world, &self.base);
        quote! { #types #(#[allow(warnings)] use #traits::Guest as _;)* }
    }

    fn implementation(&self, block: &ItemImpl, part: &Part<'_>) -> TokenStream {
        let interface = &self.world.interfaces[part.interface];
        let span = block.trait_.as_ref().map_or_else(Span::call_site, |(_, path, _)| path.span());
        let home = self.home(&interface.home, span);
        let attrs = kept_attributes(&block.attrs);
        let ty = &block.self_ty;
        let (functions, types) = (&part.functions, &part.types);
        let defaults = match interface.need {
            Need::Defaulted => defaults(part, &self.home(&interface.home, Span::call_site())),
            Need::Required | Need::Optional => TokenStream::new(),
        };
        quote_spanned! {span=>
            #(#attrs)*
            impl #home::Guest for #ty { #(#types)* #(#functions)* #defaults }
        }
    }

    /// The lifecycle, when the plugin does not speak of it at all.
    fn default_impls(&self, block: &ItemImpl, plan: &Plan<'_>) -> TokenStream {
        let missing = self.world.interfaces.iter().enumerate().filter(|(index, interface)| {
            interface.need == Need::Defaulted && !plan.parts.iter().any(|part| part.interface == *index)
        });
        missing
            .map(|(index, interface)| {
                let home = self.home(&interface.home, Span::call_site());
                let part = Part { interface: index, block: 0, functions: Vec::new(), types: Vec::new() };
                let (ty, defaults) = (&block.self_ty, defaults(&part, &home));
                quote! { impl #home::Guest for #ty { #defaults } }
            })
            .collect()
    }

    fn exports(&self, block: &ItemImpl, plan: &Plan<'_>) -> TokenStream {
        let ty = &block.self_ty;
        let lints = lint_exemption();
        let application = self
            .world
            .application
            .iter()
            .filter_map(|(resolve, id)| (!resolve.worlds[*id].exports.is_empty()).then_some(&self.base));
        let homes: Vec<TokenStream> = self.ours(plan).into_iter().chain(application.cloned()).collect();
        quote! {
            #lints
            const _: () = {
                type PlugPlugin = #ty;
                #[cfg(target_arch = "wasm32")]
                const _: () = {
                    #(#homes::export!(PlugPlugin with_types_in #homes);)*
                };
            };
        }
    }
}

/// What the lifecycle does when the plugin says nothing about it.
fn defaults(part: &Part<'_>, home: &TokenStream) -> TokenStream {
    let given = |name: &str| part.functions.iter().any(|function| function.sig.ident == name);
    let mut out = TokenStream::new();
    if !given("initialize") {
        out.extend(quote! {
            fn initialize(
                _config: ::std::vec::Vec<(::std::string::String, ::std::string::String)>,
            ) -> ::core::result::Result<(), ::std::string::String> {
                ::core::result::Result::Ok(())
            }
        });
    }
    if !given("shutdown") {
        out.extend(quote! {
            fn shutdown() -> ::core::result::Result<(), ::std::string::String> {
                ::core::result::Result::Ok(())
            }
        });
    }
    if !given("get_metadata") {
        out.extend(quote! {
            fn get_metadata() -> #home::PluginMetadata {
                #home::PluginMetadata {
                    name: ::std::string::String::from(::core::env!("CARGO_PKG_NAME")),
                    version: ::std::string::String::from(::core::env!("CARGO_PKG_VERSION")),
                    description: ::std::string::String::from(::core::env!("CARGO_PKG_DESCRIPTION")),
                }
            }
        });
    }
    out
}
