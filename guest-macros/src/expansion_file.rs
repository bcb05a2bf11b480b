//! `PLUG_DEBUG_EXPAND=1`: the expansion as a file.

use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::quote;

use crate::manifest::Crate;

const VARIABLE: &str = "PLUG_DEBUG_EXPAND";

/// Writes the expansion when it was asked for. Returns what makes cargo compile anew when the
/// variable changes.
pub(crate) fn write(expansion: &TokenStream, krate: &Crate) -> TokenStream {
    let asked = std::env::var(VARIABLE).is_ok_and(|value| !value.is_empty() && value != "0");
    let failure = if asked { write_to(expansion, &path(krate)).err() } else { None };
    let failure = failure.map(|(path, error)| {
        let text = format!("{VARIABLE}: cannot write {}: {error}", path.display());
        quote!(::core::compile_error!(#text);)
    });
    quote! {
        const _: ::core::option::Option<&str> = ::core::option_env!(#VARIABLE);
        #failure
    }
}

/// `<target folder>/plug-expand/<crate>.rs`
fn path(krate: &Crate) -> PathBuf {
    let name = krate.name.as_deref().unwrap_or("plugin");
    target(krate).join("plug-expand").join(name).with_extension("rs")
}

/// Cargo does not tell a macro where it builds. It does so in the workspace's folder, as a rule,
/// and marks its own.
fn target(krate: &Crate) -> PathBuf {
    if let Some(target) = std::env::var_os("CARGO_TARGET_DIR") {
        return krate.dir.join(target);
    }
    let above = krate.dir.ancestors().map(|dir| dir.join("target"));
    let mut marked = above.filter(|target| target.join("CACHEDIR.TAG").exists());
    marked.next().unwrap_or_else(|| krate.dir.join("target"))
}

fn write_to(expansion: &TokenStream, path: &Path) -> Result<(), (PathBuf, std::io::Error)> {
    // an expansion that does not parse is worth seeing all the more
    let text = match syn::parse2::<syn::File>(expansion.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => expansion.to_string(),
    };
    let fail = |error| (path.to_owned(), error);
    let dir = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir).map_err(fail)?;
    // two compilations of one crate may run at once
    let draft = path.with_extension(format!("{}.tmp", std::process::id()));
    std::fs::write(&draft, text).map_err(fail)?;
    std::fs::rename(&draft, path).map_err(fail)
}
