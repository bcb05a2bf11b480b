//! What is left of a plugin with mistakes: its functions as plain ones, so that the rest of the
//! crate, and the functions' own bodies, do not draw further errors.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{ImplItem, Item, ItemImpl};

use crate::expand::{uses, with_body};
use crate::model::{Model, kept_attributes};
use crate::validate::{blocks, is_part};
use crate::world::World;

/// `world` is none when it could not be read: then its types are unknown, and functions that name
/// them cannot stay.
pub(crate) fn fallback(model: &Model, world: Option<&World>) -> TokenStream {
    match model {
        Model::Impl(block) => {
            let Some(world) = world else { return TokenStream::new() };
            let (uses, block) = (uses(world, &quote!(bindings)), plain(block));
            quote!(#uses #block)
        }
        Model::Mod(module) => {
            let Some(world) = world else { return TokenStream::new() };
            let ours: Vec<usize> = blocks(model)
                .iter()
                .filter(|(_, block)| block.trait_.as_ref().is_some_and(|(_, path, _)| is_part(world, path)))
                .map(|(index, _)| *index)
                .collect();
            let items = module.content.iter().flat_map(|(_, items)| items.iter().enumerate());
            let items = items.map(|(index, item)| match item {
                Item::Impl(block) if ours.contains(&index) => plain(block),
                other => other.to_token_stream(),
            });
            let inside = uses(world, &quote!(super::bindings));
            let body = quote!(#inside #(#items)*);
            let (outside, module) = (uses(world, &quote!(bindings)), with_body(module, &body));
            quote!(#outside #module)
        }
    }
}

/// The impl as one of the type itself. A `type` cannot stand there.
fn plain(block: &ItemImpl) -> TokenStream {
    if !matches!(&*block.self_ty, syn::Type::Path(_)) {
        return TokenStream::new();
    }
    let attrs = kept_attributes(&block.attrs);
    let (generics, _, where_clause) = block.generics.split_for_impl();
    let ty = &block.self_ty;
    let mut seen = Vec::new();
    let functions = block.items.iter().filter(|item| match item {
        ImplItem::Fn(function) => {
            let first = !seen.contains(&&function.sig.ident);
            seen.push(&function.sig.ident);
            first
        }
        _ => false,
    });
    quote! {
        #(#attrs)*
        #[allow(warnings, unsafe_code)]
        impl #generics #ty #where_clause { #(#functions)* }
    }
}
