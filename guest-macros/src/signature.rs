//! One function against the one that the world asks for.

use quote::ToTokens;
use syn::{Attribute, FnArg, ReturnType, Signature};

use crate::model::type_text;
use crate::problem::{Code, Problems};
use crate::rust_type::{Fit, RustType};
use crate::world::Function;

pub(crate) fn check(found: &Signature, attrs: &[Attribute], wanted: &Function, problems: &mut Problems) {
    form(found, attrs, wanted, problems);
    receiver(found, wanted, problems);
    parameters(found, wanted, problems);
    result(found, wanted, problems);
}

fn form(found: &Signature, attrs: &[Attribute], wanted: &Function, problems: &mut Problems) {
    let name = &wanted.name;
    let mut refuse = |place: &dyn ToTokens, what: &str, help: &str| {
        problems.add(Code::FunctionForm, place.to_token_stream(), &format!("`{name}` {what}"), help);
    };
    if let Some(token) = &found.asyncness {
        refuse(token, "is `async`, in the world it is not", "remove `async`");
    }
    if let Some(token) = &found.unsafety {
        refuse(token, "is called by the host and cannot be `unsafe`", "remove `unsafe`");
    }
    if let Some(token) = &found.constness {
        refuse(token, "cannot be `const`", "remove `const`");
    }
    if let Some(abi) = &found.abi {
        refuse(abi, "cannot have an ABI of its own", "remove `extern`");
    }
    if !found.generics.params.is_empty() {
        refuse(&found.generics, "cannot be generic", &format!("write `{}`", wanted.signature()));
    }
    if let Some(clause) = &found.generics.where_clause {
        refuse(clause, "cannot have a `where`", &format!("write `{}`", wanted.signature()));
    }
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr")) {
        refuse(
            attr,
            "cannot be there at some times only: the world is fixed",
            "put the `cfg` into the function",
        );
    }
}

fn receiver(found: &Signature, wanted: &Function, problems: &mut Problems) {
    if let Some(receiver) = found.receiver() {
        let what = format!("`{}` has a `self`: the host calls it without an object", wanted.name);
        let help = format!(
            "write `{}`, and keep what must last in a `static` or `thread_local!`",
            wanted.signature()
        );
        problems.add(Code::SelfReceiver, receiver, &what, &help);
    }
}

fn parameters(found: &Signature, wanted: &Function, problems: &mut Problems) {
    let types: Vec<&syn::Type> = found
        .inputs
        .iter()
        .filter_map(|arg| match arg {
            FnArg::Typed(arg) => Some(&*arg.ty),
            FnArg::Receiver(_) => None,
        })
        .collect();
    if types.len() != wanted.params.len() {
        let count = match wanted.params.len() {
            0 => "no parameter".to_owned(),
            1 => "1 parameter".to_owned(),
            n => format!("{n} parameters"),
        };
        let what = format!("`{}` has {count} in the world, here it has {}", wanted.name, types.len());
        let help = format!("write `{}`", wanted.signature());
        if found.inputs.is_empty() {
            problems.add(Code::ParameterCount, &found.ident, &what, &help);
        } else {
            problems.add(Code::ParameterCount, &found.inputs, &what, &help);
        }
        return;
    }
    for (found, (name, wanted)) in types.iter().zip(&wanted.params) {
        if wanted.compare(Some(found)) == Fit::Different {
            let what =
                format!("`{name}` is `{}` in the world, not `{}`", explained(wanted), type_text(found));
            problems.add(Code::ParameterType, found, &what, &format!("write `{name}: {wanted}`"));
        }
    }
}

fn result(found: &Signature, wanted: &Function, problems: &mut Problems) {
    let ty = match &found.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some(&**ty),
    };
    if wanted.result.compare(ty) != Fit::Different {
        return;
    }
    let returns = if wanted.result == RustType::Unit {
        "nothing".to_owned()
    } else {
        format!("`{}`", explained(&wanted.result))
    };
    let here = ty.map_or_else(|| "nothing".to_owned(), |ty| format!("`{}`", type_text(ty)));
    let what = format!("`{}` returns {returns} in the world, not {here}", wanted.name);
    let help = format!("write `{}`", wanted.signature());
    match ty {
        Some(ty) => problems.add(Code::ReturnType, ty, &what, &help),
        None => problems.add(Code::ReturnType, &found.ident, &what, &help),
    }
}

/// An alias with what it stands for.
fn explained(ty: &RustType) -> String {
    match ty {
        RustType::Named(name, Some(target)) => format!("{name}` = `{target}"),
        other => other.to_string(),
    }
}
