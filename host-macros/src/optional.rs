//! Optional exports: wasmtime's generator has none, so what it writes for a world that must export
//! all of them is rewritten where it looks them up.

use std::collections::BTreeMap;

use proc_macro2::Ident;
use quote::format_ident;
use syn::visit_mut::VisitMut;
use syn::{
    Block, Expr, ExprField, ExprMethodCall, ExprTry, Fields, File, ImplItem, ImplItemFn, ItemImpl,
    ItemStruct, Local, Member, Pat, ReturnType, Stmt, Type, parse_quote,
};

/// The fields of optional interfaces in the generated structs, with the interfaces' names.
pub(crate) type OptionalFields = BTreeMap<String, String>;

/// Places that are rewritten for each field: in two structs, where it is looked up in a component,
/// where it is looked up in an instance, and its accessor.
const PLACES: usize = 5;

/// Makes the fields of `world` and of its indices options: none when the component does not export
/// the interface. One that is exported but incomplete or of another type is an error, as before.
pub(crate) fn make_optional(file: &mut File, world: &Ident, fields: &OptionalFields) -> Result<(), String> {
    if fields.is_empty() {
        return Ok(());
    }
    let mut rewrite = Rewrite { world, indices: format_ident!("{world}Indices"), fields, places: 0 };
    rewrite.visit_file_mut(file);
    if rewrite.places == fields.len() * PLACES {
        Ok(())
    } else {
        Err(format!(
            "wasmtime's bindings have {} places for {} optional interfaces, and {} were expected",
            rewrite.places,
            fields.len(),
            fields.len() * PLACES
        ))
    }
}

struct Rewrite<'a> {
    world: &'a Ident,
    indices: Ident,
    fields: &'a OptionalFields,
    places: usize,
}

impl VisitMut for Rewrite<'_> {
    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        if item.ident != *self.world && item.ident != self.indices {
            return;
        }
        let Fields::Named(fields) = &mut item.fields else { return };
        for field in &mut fields.named {
            if field.ident.as_ref().is_some_and(|name| self.fields.contains_key(&name.to_string())) {
                let ty = &field.ty;
                field.ty = parse_quote!(::core::option::Option<#ty>);
                self.places += 1;
            }
        }
    }

    fn visit_item_impl_mut(&mut self, item: &mut ItemImpl) {
        let Type::Path(ty) = &*item.self_ty else { return };
        let (of_world, of_indices) = (ty.path.is_ident(self.world), ty.path.is_ident(&self.indices));
        for item in &mut item.items {
            let ImplItem::Fn(method) = item else { continue };
            if of_indices && method.sig.ident == "new" {
                self.statements(&mut method.block, |name, value| {
                    Some(parse_quote! {
                        match _component.get_export_index(::core::option::Option::None, #name) {
                            ::core::option::Option::Some(_) => ::core::option::Option::Some(#value),
                            ::core::option::Option::None => ::core::option::Option::None,
                        }
                    })
                });
            } else if of_indices && method.sig.ident == "load" {
                self.statements(&mut method.block, |_, value| {
                    let Expr::Try(ExprTry { expr, .. }) = value else { return None };
                    let Expr::MethodCall(ExprMethodCall { receiver, method, args, .. }) = &**expr else {
                        return None;
                    };
                    Some(parse_quote! {
                        #receiver.as_ref().map(|indices| indices.#method(#args)).transpose()?
                    })
                });
            } else if of_world {
                self.accessor(method);
            }
        }
    }
}

impl Rewrite<'_> {
    /// Gives other values to the variables that are named after the fields.
    fn statements(&mut self, block: &mut Block, other: impl Fn(&str, &Expr) -> Option<Expr>) {
        for statement in &mut block.stmts {
            let Stmt::Local(Local { pat: Pat::Ident(variable), init: Some(init), .. }) = statement else {
                continue;
            };
            let Some(name) = self.fields.get(&variable.ident.to_string()) else { continue };
            if let Some(value) = other(name, &init.expr) {
                *init.expr = value;
                self.places += 1;
            }
        }
    }

    /// `&self.interface0` of the type `&Guest`.
    fn accessor(&mut self, method: &mut ImplItemFn) {
        let [Stmt::Expr(Expr::Reference(reference), None)] = method.block.stmts.as_slice() else { return };
        let Expr::Field(ExprField { member: Member::Named(field), .. }) = &*reference.expr else { return };
        if !self.fields.contains_key(&field.to_string()) {
            return;
        }
        let ReturnType::Type(_, output) = &mut method.sig.output else { return };
        let value = &reference.expr;
        method.block = parse_quote!({ #value.as_ref() });
        **output = parse_quote!(::core::option::Option<#output>);
        method.attrs.push(parse_quote!(#[doc = "None when the plugin does not export it."]));
        self.places += 1;
    }
}
