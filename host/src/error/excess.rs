//! More of something than an artifact may have.

use std::fmt;

/// What there is too much of in an artifact, and how much there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excess {
    /// What it is.
    pub measure: Measure,
    /// How much of it there is, as far as it was counted: counting stops where there is too much.
    pub found: usize,
    /// How much there may be.
    pub limit: usize,
}

/// What is measured of an artifact: the fields of [`LoadLimits`](crate::LoadLimits) that bear the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Measure {
    /// Bytes of the whole artifact.
    Artifact,
    /// Bytes of the code of all its functions.
    Code,
    /// Functions.
    Functions,
    /// Bytes of the code of the function of this index in its module, imported ones not counted.
    Function(usize),
    /// Local variables of the function of this index.
    Locals(usize),
    /// Blocks within blocks in the function of this index.
    Nesting(usize),
    /// How entangled the control flow of all its functions is.
    Control,
    /// Types, imports, exports and the like, once for each instance.
    Items,
    /// Components within components.
    Depth,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Excess { measure, found, limit } = self;
        match measure {
            Measure::Artifact => write!(f, "it has {found} bytes")?,
            Measure::Code => write!(f, "its functions have {found} bytes together")?,
            Measure::Functions => write!(f, "it has {found} functions")?,
            Measure::Function(index) => write!(f, "its function {index} has {found} bytes")?,
            Measure::Locals(index) => write!(f, "its function {index} has {found} local variables")?,
            Measure::Nesting(index) => write!(f, "its function {index} nests blocks {found} deep")?,
            Measure::Control => write!(f, "the control flow of its functions is entangled to {found}")?,
            Measure::Items => write!(f, "it comes to {found} types, imports, exports and the like")?,
            Measure::Depth => write!(f, "it nests components {found} deep")?,
        }
        write!(f, ", and may have {limit} (`LoadLimits::{}`)", measure.field())
    }
}

impl Measure {
    fn field(self) -> &'static str {
        match self {
            Measure::Artifact => "artifact",
            Measure::Code => "code",
            Measure::Functions => "functions",
            Measure::Function(_) => "function",
            Measure::Locals(_) => "locals",
            Measure::Nesting(_) => "nesting",
            Measure::Control => "control",
            Measure::Items => "items",
            Measure::Depth => "depth",
        }
    }
}
