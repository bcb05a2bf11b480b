//! What there is to compile, before any of it is: plain counting, in one pass over the bytes.

mod items;

use wasmparser::{BinaryReaderError, FunctionBody, Operator, Parser, Payload};

use crate::error::{Excess, Measure};
use crate::limits::LoadLimits;
use items::Items;

/// Why a component is not compiled.
#[derive(Debug, thiserror::Error)]
pub(super) enum Overweight {
    /// There is too much of something.
    #[error("{0}")]
    Excess(Excess),
    /// Types within types, too deep for being read.
    #[error(transparent)]
    TooDeep(#[from] plug_contract::ArtifactError),
    /// It cannot be read to its end, so wasmtime cannot compile it either. What is counted is what
    /// was read: to go on would let code pass uncounted behind a broken piece.
    #[error(transparent)]
    Unreadable(#[from] BinaryReaderError),
}

/// What compiling costs grows with the square of the blocks in a function, and with their number times that
/// of its locals. As measured, a loop costs as much as four blocks (each has a check of the epoch) and one
/// more for so many around it, and a local variable as eight.
const LOOP: usize = 4;
const AROUND: usize = 64;
const LOCAL: usize = 8;

/// Counts what is in a component.
pub(super) fn weigh(bytes: &[u8], limits: &LoadLimits) -> Result<(), Overweight> {
    within(Measure::Artifact, bytes.len(), limits.artifact)?;
    plug_contract::check_nesting(bytes)?;
    let (mut functions, mut code, mut control, mut index) = (0, 0, 0_usize, 0);
    let mut items = Items::up_to(limits.items);
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::Version { encoding, .. } => {
                let depth = items.open(encoding);
                within(Measure::Depth, depth, limits.depth)?;
            }
            Payload::End(_) => items.close(),
            Payload::CodeSectionStart { count, .. } => {
                index = 0;
                functions += count as usize;
                within(Measure::Functions, functions, limits.functions)?;
            }
            Payload::CodeSectionEntry(body) => {
                let size = body.range().len();
                within(Measure::Function(index), size, limits.function)?;
                code += size;
                within(Measure::Code, code, limits.code)?;
                control = control.saturating_add(function(index, &body, limits)?);
                within(Measure::Control, control, limits.control)?;
                index += 1;
            }
            other => items.add(other)?,
        }
    }
    Ok(())
}

/// How entangled the control flow of a function is.
fn function(index: usize, body: &FunctionBody<'_>, limits: &LoadLimits) -> Result<usize, Overweight> {
    let mut locals = 0;
    for declared in body.get_locals_reader()? {
        locals += declared?.0 as usize;
        within(Measure::Locals(index), locals, limits.locals)?;
    }
    let (mut around, mut blocks) = (Vec::new(), 0_usize);
    let mut loops = 0;
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        match operators.read()? {
            operator @ (Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Try { .. }
            | Operator::TryTable { .. }) => {
                let is_loop = matches!(operator, Operator::Loop { .. });
                blocks += if is_loop { LOOP + loops / AROUND } else { 1 };
                loops += usize::from(is_loop);
                around.push(is_loop);
                within(Measure::Nesting(index), around.len(), limits.nesting)?;
            }
            // the last one is the function's own
            Operator::End | Operator::Delegate { .. } => {
                loops -= usize::from(around.pop().unwrap_or_default());
            }
            _ => {}
        }
    }
    Ok(blocks.saturating_mul(blocks.saturating_add(LOCAL.saturating_mul(locals))))
}

fn within(measure: Measure, found: usize, limit: usize) -> Result<(), Overweight> {
    if found > limit { Err(Overweight::Excess(Excess { measure, found, limit })) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
