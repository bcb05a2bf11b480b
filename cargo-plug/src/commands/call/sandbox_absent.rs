//! In the place of the sandbox, where this tool was built without it.

use super::{Answer, CallCommandError, Request};
use crate::cli::Call;
use crate::failure::Failure;
use crate::report::Reporter;

pub(super) fn call(
    _args: &Call,
    _component: Vec<u8>,
    _requests: Vec<Request>,
    _reporter: &mut Reporter,
    _tell: impl FnMut(&mut Reporter, Answer),
) -> Result<(), Failure> {
    Err(CallCommandError::NoRun.into())
}
