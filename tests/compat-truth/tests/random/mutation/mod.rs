//! Changes that people make to a contract, one at a time.

mod functions;
mod members;
mod optional;
mod packages;
mod resources;
mod types;
mod worlds;

use crate::draft::Draft;
use crate::noise::Noise;

/// Changes the draft and says what it did; none when there is nothing that it could change.
type Mutation = fn(&mut Draft, &mut Noise) -> Option<String>;

/// Its module and name, for counting.
type Named = (&'static str, Mutation);

macro_rules! named {
    ($module:ident: $($name:ident),*) => {
        [$((concat!(stringify!($module), "::", stringify!($name)), $name)),*]
    };
}
use named;

const KINDS: &[&[Named]] =
    &[functions::ALL, members::ALL, types::ALL, resources::ALL, worlds::ALL, packages::ALL, optional::ALL];

/// What was changed.
pub(crate) struct Change {
    pub(crate) name: &'static str,
    pub(crate) said: String,
}

/// Makes one change of any kind.
pub(crate) fn mutate(draft: &mut Draft, noise: &mut Noise) -> Option<Change> {
    let kind = noise.choose(KINDS)?;
    let (name, mutation) = noise.choose(kind)?;
    let said = mutation(draft, noise)?;
    Some(Change { name, said })
}

/// The names of all of them.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    KINDS.iter().flat_map(|kind| kind.iter()).map(|(name, _)| *name)
}
