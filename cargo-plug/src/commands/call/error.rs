use plug_policy::GrantError;

use super::choice::Choice;
use crate::exit_code::ExitCode;
use crate::failure::Explained;

/// A call that cannot be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallCommandError {
    #[error("the component exports no function `{name}`")]
    NoFunction {
        name: String,
        meant: Option<String>,
        /// What there is instead, where nothing of it is meant.
        known: Choice,
    },
    #[error("several functions go by the name `{name}`")]
    Ambiguous { name: String, candidates: Choice },
    #[cfg_attr(not(feature = "run"), expect(dead_code, reason = "values are read only to be handed over"))]
    #[error("the call cannot be read: {objection}")]
    Values {
        /// The place where reading stopped.
        excerpt: String,
        objection: String,
        /// What to write there, if that can be told.
        mend: Option<String>,
        signature: String,
        /// Names and whole types of the parameters.
        params: Vec<(String, String)>,
    },
    #[cfg_attr(not(feature = "run"), expect(dead_code, reason = "there is no handle without a call"))]
    #[error("{objection}")]
    Handle {
        /// The place of the label.
        excerpt: String,
        objection: String,
        mend: String,
    },
    #[error("`--allow` grants nothing: {}", .0.what())]
    Grant(GrantError),
    #[cfg_attr(not(feature = "run"), expect(dead_code, reason = "types are looked at for a call only"))]
    #[error("`{name}` cannot be called from a command line: {objection}")]
    NoText { name: String, objection: String },
    #[cfg_attr(feature = "run", expect(dead_code, reason = "this tool can call"))]
    #[error("this `cargo plug` was built without the feature `run`, so it cannot call plugins")]
    NoRun,
}

impl Explained for CallCommandError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoFunction { .. } => "PLG0701",
            Self::Ambiguous { .. } => "PLG0702",
            Self::Values { .. } => "PLG0703",
            Self::Grant(error) => error.code(),
            Self::NoText { .. } => "PLG0706",
            Self::NoRun => "PLG0707",
            Self::Handle { .. } => "PLG0709",
        }
    }

    fn details(&self) -> Option<String> {
        match self {
            Self::Values { excerpt, .. } | Self::Handle { excerpt, .. } => Some(excerpt.clone()),
            Self::Grant(error) => Some(error.marked().join("\n")),
            _ => None,
        }
    }

    fn help(&self) -> Vec<String> {
        match self {
            Self::NoFunction { meant: Some(meant), .. } => vec![format!("did you mean `{meant}`?")],
            Self::NoFunction { known, .. } if known.is_empty() => {
                vec!["it exports no function at all; is it a library for other components?".to_owned()]
            }
            Self::NoFunction { known, .. } if known.more() > 0 => vec![
                format!("it exports: {known}"),
                "`cargo plug call FILE` without a call lists them all".to_owned(),
            ],
            Self::NoFunction { known, .. } => vec![format!("it exports: {known}")],
            Self::Ambiguous { candidates, .. } => vec![format!("name one of them in full: {candidates}")],
            Self::Values { signature, params, mend, .. } => {
                // Types that the signature has by their names only.
                let types = params.iter().filter(|(_, ty)| !signature.contains(ty.as_str()));
                let types = types.map(|(name, ty)| format!("`{name}` is `{ty}`"));
                let function = format!("the function is `{signature}`");
                mend.iter().cloned().chain(std::iter::once(function)).chain(types).collect()
            }
            Self::Handle { mend, .. } => vec![mend.clone()],
            Self::Grant(error) => vec![error.help().to_owned()],
            Self::NoText { .. } => vec!["call it from a host program".to_owned()],
            Self::NoRun => vec!["`cargo install cargo-plug` installs one that can".to_owned()],
        }
    }

    fn exit_code(&self) -> ExitCode {
        match self {
            // The calls before it have been made.
            Self::Handle { .. } | Self::NoText { .. } | Self::NoRun => ExitCode::Failed,
            _ => ExitCode::Usage,
        }
    }
}
