//! The attribute's arguments: `path = "wit", world = "acme:images/filter"`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Token};

use crate::nearest::nearest;
use crate::problem::{Code, Problems};

/// Where the world comes from. Without arguments it is the standard world.
#[derive(Debug, Default)]
pub(crate) struct Args {
    /// The folder of WIT, relative to the crate's `Cargo.toml`.
    pub(crate) path: Option<LitStr>,
    /// The world's name.
    pub(crate) world: Option<LitStr>,
}

const KEYS: [&str; 2] = ["path", "world"];
const USAGE: &str =
    "`#[plugin]` for the standard world, `#[plugin(path = \"wit\", world = \"NAME\")]` for another";

impl Args {
    pub(crate) fn is_standard(&self) -> bool {
        self.path.is_none() && self.world.is_none()
    }

    /// Reads what can be read; a key that is nearly right is taken for what was meant, so that the
    /// rest can be checked too. None when not even that is possible.
    pub(crate) fn parse(tokens: TokenStream, problems: &mut Problems) -> Option<Args> {
        let mut args = Args::default();
        match Punctuated::<Argument, Token![,]>::parse_terminated.parse2(tokens) {
            Ok(arguments) => {
                for argument in arguments {
                    args.take(argument, problems);
                }
                Some(args)
            }
            Err(error) => {
                let what = format!("cannot read the arguments: {error}");
                problems.add_at(Code::Argument, error.span(), &what, &format!("write {USAGE}"));
                None
            }
        }
    }

    fn take(&mut self, argument: Argument, problems: &mut Problems) {
        let Argument { key, value } = argument;
        let name = key.to_string();
        let meant = if KEYS.contains(&name.as_str()) {
            name.as_str()
        } else {
            let meant = nearest(&name, KEYS);
            let help =
                meant.map_or_else(|| format!("write {USAGE}"), |meant| format!("did you mean `{meant}`?"));
            problems.add(Code::Argument, &key, &format!("`#[plugin]` has no argument `{name}`"), &help);
            match meant {
                Some(meant) => meant,
                None => return,
            }
        };
        let Some(Expr::Lit(ExprLit { lit: Lit::Str(value), .. })) = value else {
            let what = format!("`{meant}` wants a text in quotes");
            problems.add(Code::Argument, &key, &what, &format!("write `{meant} = \"…\"`"));
            return;
        };
        let place = if meant == "path" { &mut self.path } else { &mut self.world };
        if place.is_some() {
            problems.add(Code::Argument, &key, &format!("`{meant}` is given twice"), "keep one of them");
        } else {
            *place = Some(value);
        }
    }
}

/// `key = value`, or just a key.
struct Argument {
    key: Ident,
    value: Option<Expr>,
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        // a keyword is a wrong key, but a key
        let key = Ident::parse_any(input)?;
        let value = input.parse::<Option<Token![=]>>()?.map(|_| input.parse()).transpose()?;
        Ok(Argument { key, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Args, Problems) {
        let mut problems = Problems::default();
        let args = Args::parse(text.parse().unwrap(), &mut problems).unwrap_or_default();
        (args, problems)
    }

    #[test]
    fn nothing_means_the_standard_world() {
        let (args, problems) = parse("");
        assert!(args.is_standard() && problems.is_empty());
    }

    #[test]
    fn path_and_world_are_read() {
        let (args, problems) = parse(r#"path = "wit", world = "a:b/c","#);
        assert!(problems.is_empty());
        assert_eq!(args.path.unwrap().value(), "wit");
        assert_eq!(args.world.unwrap().value(), "a:b/c");
    }

    #[test]
    fn a_misspelt_key_is_told_and_taken_for_what_was_meant() {
        let (args, problems) = parse(r#"wrld = "c""#);
        assert!(!problems.is_empty());
        assert_eq!(args.world.unwrap().value(), "c");
    }

    #[test]
    fn no_arguments_crash_it() {
        for text in [
            "=",
            "path",
            "path(1)",
            "async = true",
            "path = 1",
            "a::b = \"c\"",
            "path = \"a\", path = \"b\"",
            "\"x\"",
        ] {
            assert!(!parse(text).1.is_empty(), "{text}");
        }
    }
}
