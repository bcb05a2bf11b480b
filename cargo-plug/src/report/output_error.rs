use std::io;

use crate::failure::Explained;

/// What was asked for cannot be handed over.
#[derive(Debug, thiserror::Error)]
#[error("the output cannot be written")]
pub(super) struct OutputError(#[source] pub(super) io::Error);

impl Explained for OutputError {
    fn code(&self) -> &'static str {
        "PLG0018"
    }

    fn place(&self) -> Option<String> {
        Some("standard output".to_owned())
    }

    fn help(&self) -> Vec<String> {
        vec![
            "see whether there is room where the output goes; what arrived there is not the whole".to_owned(),
        ]
    }
}
