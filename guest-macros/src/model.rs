//! The item under the attribute, taken apart.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Item, ItemImpl, ItemMod};

use crate::problem::{Code, Problems};

/// A plugin as it was written.
pub(crate) enum Model {
    /// `#[plugin] impl Trait for Type { … }`
    Impl(ItemImpl),
    /// `#[plugin] mod plugin { … }`, with an impl for each interface
    Mod(ItemMod),
}

const USAGE: &str =
    "put it on `impl Plugin for YourType { … }`, or on a module that holds an impl for each interface";

impl Model {
    /// None, with a problem noted, when the attribute stands on something else.
    pub(crate) fn parse(tokens: TokenStream, problems: &mut Problems) -> Option<Model> {
        let item = match syn::parse2::<Item>(tokens) {
            Ok(item) => item,
            Err(error) => {
                problems.add_syntax(Code::Item, &error);
                return None;
            }
        };
        let (what, span) = match item {
            Item::Impl(block) if block.trait_.is_some() => return Some(Model::Impl(block)),
            Item::Mod(module) if module.content.is_some() => return Some(Model::Mod(module)),
            Item::Impl(block) => {
                let ty = type_text(&block.self_ty);
                let what = "`#[plugin]` wants an impl of a trait, this is an impl of the type itself";
                problems.add(
                    Code::Item,
                    &block.self_ty,
                    what,
                    &format!("write `impl Plugin for {ty} {{ … }}`"),
                );
                return None;
            }
            Item::Mod(module) => ("a module in another file", module.ident.span()),
            Item::Fn(function) => ("a function", function.sig.ident.span()),
            Item::Struct(item) => ("a struct", item.ident.span()),
            Item::Enum(item) => ("an enum", item.ident.span()),
            Item::Trait(item) => ("a trait", item.ident.span()),
            other => ("something else", first_token(&other)),
        };
        problems.add_at(Code::Item, span, &format!("`#[plugin]` stands on {what}"), USAGE);
        None
    }
}

fn first_token(item: &Item) -> Span {
    use quote::ToTokens;
    item.to_token_stream().into_iter().next().map_or_else(Span::call_site, |token| token.span())
}

/// A type as its author would write it.
pub(crate) fn type_text(ty: &syn::Type) -> String {
    use quote::ToTokens;
    let text = ty.to_token_stream().to_string();
    // quote puts a space between all tokens
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let glued = |c: char| "<>:&'([])".contains(c);
        if c == ' ' && (out.ends_with(glued) || chars.peek().is_some_and(|next| glued(*next) || *next == ','))
        {
            continue;
        }
        out.push(c);
    }
    out
}

/// Attributes that belong on every part into which an impl is split.
pub(crate) fn kept_attributes(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| !attr.path().is_ident("plugin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_read_as_written() {
        for text in
            ["Shout", "Vec<u8>", "Result<Image, FilterError>", "&[u8]", "(String, bool)", "a::b::C<'_>"]
        {
            assert_eq!(type_text(&syn::parse_str(text).unwrap()), text);
        }
    }
}
