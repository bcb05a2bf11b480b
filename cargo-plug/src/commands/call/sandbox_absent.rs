//! In the place of the sandbox, where this tool was built without it.

use super::{Answer, CallCommandError, Callable};
use crate::cli::Call;
use crate::failure::Failure;
use crate::report::Reporter;

pub(super) fn call(
    _args: &Call,
    _component: Vec<u8>,
    _function: &Callable,
    _call: &str,
    _values: &str,
    _reporter: &mut Reporter,
) -> Result<Answer, Failure> {
    Err(CallCommandError::NoRun.into())
}
