//! From the attribute and its item to Rust: args → model → world → validate → expand, or fallback.

use std::path::Path;

use plug_contract::{Wit, WitError, WitErrorKind};
use proc_macro2::{Span, TokenStream};
use syn::LitStr;

use crate::args::Args;
use crate::bindings;
use crate::expand::expand;
use crate::fallback::fallback;
use crate::manifest::Crate;
use crate::model::Model;
use crate::nearest::{list, sorted};
use crate::problem::{Code, Problems};
use crate::validate::{Plan, validate};
use crate::world::World;

/// The result, in two parts: what wit-bindgen wrote, and what we did.
pub(crate) struct Expansion {
    pub(crate) bindings: TokenStream,
    pub(crate) plugin: TokenStream,
}

impl Expansion {
    pub(crate) fn into_tokens(self) -> TokenStream {
        let Expansion { bindings, plugin } = self;
        quote::quote!(#bindings #plugin)
    }
}

/// Expands `#[plugin(args)] item` in `krate`.
pub(crate) fn run(args: TokenStream, item: TokenStream, krate: &Crate) -> Expansion {
    let mut problems = Problems::default();
    krate.check(&mut problems);
    let args = Args::parse(args, &mut problems);
    let model = Model::parse(item.clone(), &mut problems);
    let world = args.and_then(|args| load(&args, &krate.dir, &mut problems));
    let (bindings, plugin) = match (&model, world) {
        (Some(model), Some(mut world)) => {
            let plan = validate(model, &world, &mut problems);
            if problems.is_empty() {
                choose(&mut world, &plan, &mut problems);
            }
            let bindings = bind(&world, &mut problems);
            let plugin = match &bindings {
                Some(_) if problems.is_empty() => expand(model, &world, &plan),
                Some(_) => fallback(model, Some(&world)),
                None => fallback(model, None),
            };
            (bindings, plugin)
        }
        (Some(model), None) => (None, fallback(model, None)),
        // whatever it is, it is not ours to take away
        (None, world) => (world.and_then(|world| bind(&world, &mut problems)), item),
    };
    let problems = problems.into_tokens();
    Expansion { bindings: bindings.unwrap_or_default(), plugin: quote::quote!(#problems #plugin) }
}

/// Leaves out of the world those of its optional interfaces that the plugin does not implement.
fn choose(world: &mut World, plan: &Plan<'_>, problems: &mut Problems) {
    let implemented: Vec<usize> = plan.parts.iter().map(|part| part.interface).collect();
    if let Err(error) = world.export_optional(&implemented) {
        let help = "implement the other interface as well";
        problems.add_at(Code::Unsupported, Span::call_site(), &error.to_string(), help);
    }
}

fn bind(world: &World, problems: &mut Problems) -> Option<TokenStream> {
    bindings::application(world)
        .map_err(|error| {
            let what = format!("no bindings can be made of the world `{}`: {}", world.name, error.0);
            problems.add_at(Code::Unsupported, Span::call_site(), &what, "");
        })
        .ok()
}

/// The world that the arguments name. When the name is wrong, the one that it was probably meant
/// for, so that the rest can be checked.
fn load(args: &Args, dir: &Path, problems: &mut Problems) -> Option<World> {
    if args.is_standard() {
        return Some(World::standard());
    }
    let folder = args.path.as_ref().map_or_else(|| "wit".to_owned(), LitStr::value);
    let wit = match Wit::from_dir(&dir.join(&folder)) {
        Ok(wit) => wit,
        Err(error) => {
            unreadable(&error, &folder, dir, args, problems);
            return None;
        }
    };
    let name = args.world.as_ref().map(LitStr::value);
    let id = match wit.select_world(name.as_deref()) {
        Ok(id) => id,
        Err(error) => {
            let known = wit.world_names();
            let known = sorted(name.as_deref().unwrap_or_default(), known.iter().map(String::as_str));
            unknown_world(&error, &wit, name.as_deref(), &known, args, problems);
            wit.select_world(Some(known.first()?)).ok()?
        }
    };
    let span = args.world.as_ref().or(args.path.as_ref()).map_or_else(Span::call_site, LitStr::span);
    let world = World::new(&wit, id)
        .map_err(|error| problems.add_at(Code::Unsupported, span, &error.to_string(), ""))
        .ok()?;
    if world.obstacles.is_empty() {
        return Some(world);
    }
    for obstacle in &world.obstacles {
        obstacle.tell(&world.name, span, problems);
    }
    // wit-bindgen must not meet what it cannot do
    None
}

fn unreadable(error: &WitError, folder: &str, dir: &Path, args: &Args, problems: &mut Problems) {
    let mut what = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        what = format!("{what}: {cause}");
        source = cause.source();
    }
    // places are told from the crate's folder, as cargo tells its own
    let what = what.trim_end().replace(&format!("{}/", dir.display()), "");
    let help = match error.kind() {
        WitErrorKind::Unreadable => {
            format!("`path` is the folder of the WIT, from the folder of Cargo.toml; it is `{folder}` now")
        }
        WitErrorKind::MissingPackage => format!("put the package into `{folder}/deps`"),
        _ => String::new(),
    };
    let span = args.path.as_ref().or(args.world.as_ref()).map_or_else(Span::call_site, LitStr::span);
    problems.add_at(Code::Wit(error.code()), span, &what, &help);
}

fn unknown_world(
    error: &WitError,
    wit: &Wit,
    name: Option<&str>,
    known: &[&str],
    args: &Args,
    problems: &mut Problems,
) {
    let package = wit.package_name();
    let (what, help) = match (name, known) {
        (_, []) => (format!("the package `{package}` has no world"), String::new()),
        (Some(name), _) => (
            format!("the package `{package}` has no world `{name}`"),
            format!("its worlds are {}, the most similar first", list(known)),
        ),
        (None, _) => (
            format!("the package `{package}` has several worlds"),
            format!("name one: `world = \"{}\"`; there are {}", known[0], list(known)),
        ),
    };
    let span = args.world.as_ref().or(args.path.as_ref()).map_or_else(Span::call_site, LitStr::span);
    problems.add_at(Code::Wit(error.code()), span, &what, &help);
}
