//! What can be wrong with a plugin, and how it is told.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// One code for each kind of mistake; each has a page under `docs/errors` and a case in `tests/ui/fail`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// An argument of the attribute that is not known, given twice, or no string.
    Argument,
    /// The attribute stands on something that is no plugin: a function, a struct, an inherent impl.
    Item,
    /// The head of the impl: generics, `unsafe`, a type that has no name.
    ImplHead,
    /// The world has something for which the SDK has no Rust.
    Unsupported,
    /// The world's base is of another version or another text than the SDK's.
    Base,
    /// An interface of the application uses types of one that the SDK implements.
    SharedTypes,
    /// No interface of that name.
    UnknownTrait,
    /// An interface that nothing implements.
    MissingInterface,
    /// A function that the world asks for is not there.
    MissingFunction,
    /// A function, constant or type that the world does not know.
    Extra,
    ParameterCount,
    ParameterType,
    ReturnType,
    SelfReceiver,
    /// `async`, `unsafe`, generic, `#[cfg]`…: a function of a form that the world has not.
    FunctionForm,
    /// `crate-type` lacks `cdylib`.
    CrateType,
    /// A resource without a type that implements it.
    Resource,
    /// An optional interface without some of its functions: `save` without `load`.
    HalfState,
    /// One name in two interfaces.
    Ambiguous,
    /// One plugin spread over several types, or an interface implemented twice.
    SeveralTypes,
    /// A code of the contract crate: the WIT itself cannot be used.
    Wit(&'static str),
}

/// The code of the name clash that a second `#[plugin]` in one crate provokes; rustc tells it.
pub(crate) const SECOND_PLUGIN: &str = "PLG0815";

impl Code {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Code::Argument => "PLG0801",
            Code::Item => "PLG0802",
            Code::ImplHead => "PLG0803",
            Code::Unsupported => "PLG0804",
            Code::Base => "PLG0805",
            Code::UnknownTrait => "PLG0806",
            Code::MissingInterface => "PLG0807",
            Code::MissingFunction => "PLG0808",
            Code::Extra => "PLG0809",
            Code::ParameterCount => "PLG0810",
            Code::ParameterType => "PLG0811",
            Code::ReturnType => "PLG0812",
            Code::SelfReceiver => "PLG0813",
            Code::FunctionForm => "PLG0814",
            Code::CrateType => "PLG0816",
            Code::Resource => "PLG0817",
            Code::HalfState => "PLG0818",
            Code::Ambiguous => "PLG0819",
            Code::SeveralTypes => "PLG0820",
            Code::SharedTypes => "PLG0821",
            Code::Wit(code) => code,
        }
    }
}

/// Everything that was found, in the order of the source as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<syn::Error>);

impl Problems {
    /// Notes a mistake at some piece of the source: what is wrong, and how to mend it (may be empty).
    pub(crate) fn add(&mut self, code: Code, place: impl ToTokens, what: &str, help: &str) {
        self.0.push(syn::Error::new_spanned(place, text(code, what, help)));
    }

    /// The same at a span; the attribute itself is `Span::call_site()`.
    pub(crate) fn add_at(&mut self, code: Code, span: Span, what: &str, help: &str) {
        self.0.push(syn::Error::new(span, text(code, what, help)));
    }

    /// A mistake that syn found.
    pub(crate) fn add_syntax(&mut self, code: Code, error: &syn::Error) {
        for error in error.clone() {
            self.add_at(code, error.span(), &error.to_string(), "");
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One `compile_error!` each.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.iter().map(syn::Error::to_compile_error).collect()
    }
}

fn text(code: Code, what: &str, help: &str) -> String {
    let mut text = what.to_owned();
    if !help.is_empty() {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    // after a block of code the tag stands on a line of its own
    let block = help.contains("\n\n");
    text.push_str(if block {
        "\n\n["
    } else if help.is_empty() && what.contains('\n') {
        "\n["
    } else {
        " ["
    });
    text.push_str(code.name());
    text.push(']');
    text
}
