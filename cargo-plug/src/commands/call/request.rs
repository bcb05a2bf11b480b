//! A call as it was written.

use std::ops::Range;

use super::callable::{Functions, split};
use super::error::CallCommandError;

/// What is called, and with what.
#[derive(Debug)]
#[cfg_attr(not(feature = "run"), expect(dead_code, reason = "there is nothing that would make the call"))]
pub(super) struct Request {
    /// `plug:plugin/processor@1.0.0#process`
    pub(super) path: String,
    pub(super) signature: String,
    pub(super) text: String,
    /// Where the label of the handle stands that a method is called on.
    pub(super) receiver: Option<Range<usize>>,
    /// Where the values begin.
    pub(super) values_at: usize,
}

impl Request {
    pub(super) fn new(text: &str, functions: &Functions) -> Result<Self, CallCommandError> {
        let (name, values_at) = split(text);
        let named = functions.find(&text[name.clone()])?;
        Ok(Self {
            path: named.function.path(),
            signature: named.function.signature.clone(),
            text: text.to_owned(),
            receiver: named.receiver.map(|label| name.start + label.start..name.start + label.end),
            values_at,
        })
    }
}
