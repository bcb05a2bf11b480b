//! The values of a call, from WAVE.

use std::rc::Rc;

use plug_host::wasmtime::component::{Type, Val};
use plug_host::{DynamicPlugin, stream_element};
use wasm_wave::parser::ParserErrorKind;

use super::CallCommandError;
use super::excerpt::excerpt;
use super::labelled::{LabelledType, LabelledVal};
use super::labels::{Labels, Objection, handle_type};
use super::request::Request;
use super::type_text::TypeText;
use super::written::{self, Unreadable};

/// What there is about other streams and futures.
const NO_ELEMENT: &str = "of anything but numbers, booleans, characters or strings is read only by a host that was compiled for it";

/// Reads them as the parameters want them, the handle that a method is called on among them.
pub(super) fn read(
    request: &Request,
    params: &[(String, Type)],
    labels: &Rc<Labels>,
) -> Result<Vec<Val>, CallCommandError> {
    let Request { text, values_at, .. } = request;
    let wrong_label = |at: usize, Objection { message, mend }| CallCommandError::Handle {
        excerpt: excerpt(text, at),
        objection: message,
        mend,
    };
    let (mut values, params) = match (&request.receiver, params.split_first()) {
        (Some(label), Some(((_, ty), others))) if let Some((resource, is_own)) = handle_type(ty) => {
            let handle = labels.value(&text[label.clone()], resource, is_own);
            (vec![handle.map_err(|objection| wrong_label(label.start, objection))?], others)
        }
        _ => (Vec::new(), params),
    };
    let types: Vec<_> = params.iter().map(|(_, ty)| LabelledType::new(ty, labels)).collect();
    let unreadable = |Unreadable { at, objection, mend, kind }: Unreadable| {
        let at = values_at + at;
        if let Some(objection) = labels.objection() {
            return wrong_label(at, objection);
        }
        let takes_handles = params.iter().any(|(_, ty)| has_handle(ty));
        let a_label = || "a handle is written as the label that a call before has printed for it".to_owned();
        let needs_label = takes_handles && kind == Some(ParserErrorKind::InvalidType);
        CallCommandError::Values {
            excerpt: excerpt(text, at),
            objection,
            mend: mend.or_else(|| needs_label.then(a_label)),
            signature: request.signature.clone(),
            params: params
                .iter()
                .map(|(name, ty)| (name.clone(), TypeText::new(ty, labels).to_string()))
                .collect(),
        }
    };
    let read: Vec<LabelledVal> = written::read(&text[*values_at..], &types).map_err(unreadable)?;
    values.extend(read.into_iter().map(|value| value.0));
    Ok(values)
}

/// What is in the way of writing or showing a value of the type.
pub(super) fn without_text(ty: &Type, plugin: &DynamicPlugin) -> Option<String> {
    match ty {
        Type::Own(resource) | Type::Borrow(resource) => {
            let resource = plugin.resource(*resource).filter(|resource| resource.is_imported)?;
            let path = resource.path();
            Some(format!("a handle of `{path}` is one of the host's, and this sandbox hands out none"))
        }
        Type::Stream(_) | Type::Future(_) if stream_element(ty).is_some() => None,
        Type::Stream(_) => Some(format!("a stream {NO_ELEMENT}")),
        Type::Future(_) => Some(format!("a future {NO_ELEMENT}")),
        Type::ErrorContext => Some("an error-context has no text form".to_owned()),
        _ => parts(ty).iter().find_map(|ty| without_text(ty, plugin)),
    }
}

fn has_handle(ty: &Type) -> bool {
    handle_type(ty).is_some() || parts(ty).iter().any(has_handle)
}

/// The types that a type is made of.
fn parts(ty: &Type) -> Vec<Type> {
    match ty {
        Type::List(list) => vec![list.ty()],
        Type::FixedLengthList(list) => vec![list.ty()],
        Type::Map(map) => vec![map.key(), map.value()],
        Type::Option(option) => vec![option.ty()],
        Type::Record(record) => record.fields().map(|field| field.ty).collect(),
        Type::Tuple(tuple) => tuple.types().collect(),
        Type::Variant(variant) => variant.cases().filter_map(|case| case.ty).collect(),
        Type::Result(result) => result.ok().into_iter().chain(result.err()).collect(),
        _ => Vec::new(),
    }
}
