//! In the place of the sandbox, where this tool was built without it.

use plug_policy::AuditRecord;

use super::grant::Granted;
use super::{Answer, CallCommandError, Functions, Request};
use crate::cli::Call;
use crate::failure::Failure;
use crate::report::Reporter;

pub(super) fn functions(_args: &Call, _granted: &Granted, _component: &[u8]) -> Result<Functions, Failure> {
    Err(CallCommandError::NoRun.into())
}

pub(super) fn call(
    _args: &Call,
    _granted: Granted,
    _component: Vec<u8>,
    _requests: Vec<Request>,
    _denied: &mut Vec<AuditRecord>,
    _reporter: &mut Reporter,
    _tell: impl FnMut(&mut Reporter, Answer),
) -> Result<(), Failure> {
    Err(CallCommandError::NoRun.into())
}
