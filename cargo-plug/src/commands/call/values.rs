//! The values of a call, from WAVE.

use std::rc::Rc;

use plug_host::wasmtime::component::{Type, Val};
use plug_host::{DynamicPlugin, stream_element};
use wasm_wave::parser::{ParserError, ParserErrorKind};
use wasm_wave::untyped::UntypedFuncCall;
use wasm_wave::wasm::{WasmType, WasmTypeKind};

use super::excerpt::excerpt;
use super::labelled::{LabelledType, LabelledVal};
use super::labels::{Labels, Objection, handle_type};
use super::request::Request;
use super::type_text::TypeText;
use super::unknown_field::UnknownField;
use super::{CallCommandError, unknown_field};

/// A value that is nested more deeply is a mistake; reading it would use up the stack.
const DEEPEST: usize = 200;

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
    let wrong = |at: usize, objection: String, mend: Option<String>| CallCommandError::Values {
        excerpt: excerpt(text, at),
        objection,
        mend,
        signature: request.signature.clone(),
        params: params
            .iter()
            .map(|(name, ty)| (name.clone(), TypeText::new(ty, labels).to_string()))
            .collect(),
    };
    let written = &text[*values_at..];
    if let Some(at) = too_deep(written) {
        return Err(wrong(values_at + at, format!("a value is nested more than {DEEPEST} times"), None));
    }
    // The name was looked up already, and wasm-wave knows fewer forms of it.
    let call = if written.is_empty() { "f()".to_owned() } else { format!("f{written}") };
    let place = |at: usize| values_at + at.saturating_sub(1);
    let unreadable = |error: ParserError| {
        let at = place(error.span().start);
        if let Some(objection) = labels.objection() {
            return wrong_label(at, objection);
        }
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        let objection = match cause.as_deref().or(error.detail()) {
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        };
        let takes_handles = params.iter().any(|(_, ty)| has_handle(ty));
        let mend = (takes_handles && error.kind() == ParserErrorKind::InvalidType)
            .then(|| "a handle is written as the label that a call before has printed for it".to_owned());
        wrong(at, objection, mend)
    };
    let parsed = UntypedFuncCall::parse(&call).map_err(unreadable)?;
    let unknown = parsed.params_node().and_then(|values| unknown_field::in_call(values, &types, &call));
    if let Some(UnknownField { at, name, help }) = unknown {
        return Err(wrong(place(at), format!("the record has no field `{name}`"), Some(help)));
    }
    // Last parameters that are options may be left out, and so may all of them; wasm-wave refuses that.
    if parsed.params_node().is_none() && types.iter().all(|ty| ty.kind() == WasmTypeKind::Option) {
        values.extend(types.iter().map(|_| Val::Option(None)));
        return Ok(values);
    }
    let read: Vec<LabelledVal> = parsed.to_wasm_params(&types).map_err(unreadable)?;
    values.extend(read.into_iter().map(|value| value.0));
    Ok(values)
}

/// Where brackets are nested too deeply. Those in strings count as well; nobody nests them so.
fn too_deep(values: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in values.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(at);
        }
    }
    None
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
