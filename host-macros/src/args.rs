//! What stands between the braces.

use proc_macro2::Span;
use quote::ToTokens as _;
use syn::parse::{Parse, ParseStream, Result};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Ident, LitStr, Path, Token, Type, Visibility, braced, bracketed};
use wasmtime_internal_wit_bindgen::{FunctionConfig, FunctionFilter, FunctionFlags};

/// `world! { … }`.
pub(crate) struct WorldArgs {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    /// The folder of WIT; none stands for our own package.
    pub(crate) folder: Option<LitStr>,
    pub(crate) world: Option<LitStr>,
    /// The names of interfaces that a plugin may leave out.
    pub(crate) optional: Vec<LitStr>,
    /// The names of imports that capabilities of the application serve.
    pub(crate) capabilities: Vec<LitStr>,
    pub(crate) app: Option<Type>,
    pub(crate) module: Option<Ident>,
    pub(crate) imports: FunctionConfig,
    pub(crate) with: Vec<(String, String)>,
    pub(crate) derives: Vec<String>,
    /// Where `plug-host` is found: `::plug_host`, but `crate` in its own sources.
    pub(crate) krate: Path,
}

/// `base! { mod base, crate = crate }`.
pub(crate) struct BaseArgs {
    pub(crate) module: Ident,
    pub(crate) krate: Path,
}

impl Parse for WorldArgs {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let name = input.parse()?;
        let folder = if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        let mut args = WorldArgs {
            attributes,
            visibility,
            name,
            folder,
            world: None,
            optional: Vec::new(),
            capabilities: Vec::new(),
            app: None,
            module: None,
            imports: FunctionConfig::new(),
            with: Vec::new(),
            derives: Vec::new(),
            krate: syn::parse_quote!(::plug_host),
        };
        let mut seen = Vec::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            args.option(input, &mut seen)?;
        }
        Ok(args)
    }
}

impl WorldArgs {
    fn option(&mut self, input: ParseStream<'_>, seen: &mut Vec<String>) -> Result<()> {
        let span = input.span();
        let key = if input.peek(Token![crate]) {
            input.parse::<Token![crate]>()?;
            "crate".to_owned()
        } else {
            input.parse::<Ident>()?.to_string()
        };
        if seen.contains(&key) {
            return Err(Error::new(span, format!("`{key}` is given twice [PLG0516]")));
        }
        input.parse::<Token![=]>()?;
        match key.as_str() {
            "world" => self.world = Some(input.parse()?),
            "optional" => self.optional = names(input)?,
            "capabilities" => self.capabilities = names(input)?,
            "app" => self.app = Some(input.parse()?),
            "module" => self.module = Some(input.parse()?),
            "imports" => self.imports = functions(input)?,
            "with" => self.with = replacements(input)?,
            "derives" => self.derives = derives(input)?,
            "crate" => self.krate = input.parse()?,
            _ => {
                return Err(Error::new(
                    span,
                    format!(
                        "unknown option `{key}`; there are world, optional, capabilities, app, module, imports, with and derives [PLG0516]"
                    ),
                ));
            }
        }
        seen.push(key);
        Ok(())
    }

    /// The place to blame for what is wrong with the world.
    pub(crate) fn world_span(&self) -> Span {
        self.world.as_ref().map_or_else(|| self.folder_span(), LitStr::span)
    }

    /// The place to blame for what is wrong with the WIT.
    pub(crate) fn folder_span(&self) -> Span {
        self.folder.as_ref().map_or_else(|| self.name.span(), LitStr::span)
    }
}

impl Parse for BaseArgs {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        input.parse::<Token![mod]>()?;
        let module = input.parse()?;
        input.parse::<Token![,]>()?;
        input.parse::<Token![crate]>()?;
        input.parse::<Token![=]>()?;
        Ok(BaseArgs { module, krate: input.parse()? })
    }
}

/// `{ "acme:images/stock.fetch": async | trappable, default: async }`
fn functions(input: ParseStream<'_>) -> Result<FunctionConfig> {
    let content;
    braced!(content in input);
    let mut config = FunctionConfig::new();
    while !content.is_empty() {
        let filter = if content.peek(Token![default]) {
            content.parse::<Token![default]>()?;
            FunctionFilter::Default
        } else {
            FunctionFilter::Name(content.parse::<LitStr>()?.value())
        };
        content.parse::<Token![:]>()?;
        let mut flags = FunctionFlags::empty();
        loop {
            let span = content.span();
            flags |= if content.peek(Token![async]) {
                content.parse::<Token![async]>()?;
                FunctionFlags::ASYNC
            } else {
                let flag: Ident = content.parse()?;
                match flag.to_string().as_str() {
                    "trappable" => FunctionFlags::TRAPPABLE,
                    "store" => FunctionFlags::STORE,
                    "tracing" => FunctionFlags::TRACING,
                    "verbose_tracing" => FunctionFlags::TRACING | FunctionFlags::VERBOSE_TRACING,
                    "exact" => FunctionFlags::EXACT,
                    other => {
                        return Err(Error::new(
                            span,
                            format!(
                                "unknown flag `{other}`; there are async, trappable, store, tracing, verbose_tracing and exact [PLG0516]"
                            ),
                        ));
                    }
                }
            };
            if content.peek(Token![|]) {
                content.parse::<Token![|]>()?;
            } else {
                break;
            }
        }
        config.push(filter, flags);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(config)
}

/// `{ "acme:images/stock/item": crate::Item }`
fn replacements(input: ParseStream<'_>) -> Result<Vec<(String, String)>> {
    let content;
    braced!(content in input);
    let mut with = Vec::new();
    while !content.is_empty() {
        let wit = content.parse::<LitStr>()?.value();
        content.parse::<Token![:]>()?;
        let path: Path = content.call(Path::parse_mod_style)?;
        with.push((wit, written(&path)));
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(with)
}

/// `["acme:images/preview@1.2.0", "tags"]`
fn names(input: ParseStream<'_>) -> Result<Vec<LitStr>> {
    let content;
    bracketed!(content in input);
    let names = Punctuated::<LitStr, Token![,]>::parse_terminated_with(&content, |name| name.parse())?;
    Ok(names.into_iter().collect())
}

fn derives(input: ParseStream<'_>) -> Result<Vec<String>> {
    let content;
    bracketed!(content in input);
    let paths = Punctuated::<Path, Token![,]>::parse_terminated(&content)?;
    Ok(paths.iter().map(written).collect())
}

/// The path without the spaces that tokens print with.
pub(crate) fn written(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}
