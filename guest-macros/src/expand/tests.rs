//! `tests/expand/NAME.rs` is what is written, `NAME.expanded.rs` what becomes of it (without what
//! wit-bindgen writes). `PLUG_BLESS=1` rewrites the latter.

use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Item, Meta};

use crate::manifest::Crate;
use crate::pipeline;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expand")
}

/// The plugin of a file, with the arguments of its attribute.
fn plugin(file: syn::File) -> (TokenStream, TokenStream) {
    for mut item in file.items {
        let attrs: &mut Vec<Attribute> = match &mut item {
            Item::Impl(item) => &mut item.attrs,
            Item::Mod(item) => &mut item.attrs,
            _ => continue,
        };
        let Some(index) = attrs.iter().position(|attr| attr.path().is_ident("plugin")) else { continue };
        let args = match attrs.remove(index).meta {
            Meta::List(list) => list.tokens,
            _ => TokenStream::new(),
        };
        return (args, item.into_token_stream());
    }
    panic!("no #[plugin] in the file");
}

#[track_caller]
fn check(name: &str) {
    let text = std::fs::read_to_string(folder().join(name).with_extension("rs")).unwrap();
    let (args, item) = plugin(syn::parse_file(&text).unwrap());
    let krate = Crate { dir: folder(), name: None, binary: false, doctest: false };
    let expansion = pipeline::run(args, item, &krate);
    let said = prettyplease::unparse(&syn::parse2(expansion.plugin).unwrap());
    let file = folder().join(format!("{name}.expanded.rs"));
    if std::env::var_os("PLUG_BLESS").is_some() {
        std::fs::write(file, said).unwrap();
    } else {
        let expected = std::fs::read_to_string(file).unwrap_or_default();
        assert!(
            said == expected,
            "{name}.expanded.rs is\n{expected}\nand is to be (PLUG_BLESS=1 writes it)\n{said}"
        );
    }
}

#[test]
fn the_standard_world() {
    check("standard");
}

#[test]
fn optional_interfaces() {
    check("optional");
}

#[test]
fn optional_interfaces_of_an_application() {
    check("optional_of_an_application");
}

/// What is not implemented is not among the bindings, so nothing exports it.
#[test]
fn bindings_have_what_is_implemented() {
    let text = std::fs::read_to_string(folder().join("optional_of_an_application.rs")).unwrap();
    let (args, item) = plugin(syn::parse_file(&text).unwrap());
    let krate = Crate { dir: folder(), name: None, binary: false, doctest: false };
    let bindings = pipeline::run(args, item, &krate).bindings.to_string();
    for (interface, there) in [("image-filter", true), ("undo", true), ("preview", false), ("presets", false)]
    {
        let exported = bindings.contains(&format!("acme:images/{interface}@1.2.0#"));
        assert_eq!(exported, there, "{interface}");
    }
}

#[test]
fn an_interface_of_an_application() {
    check("application");
}

#[test]
fn several_interfaces_in_a_module() {
    check("module");
}

#[test]
fn a_mistake() {
    check("mistake");
}
