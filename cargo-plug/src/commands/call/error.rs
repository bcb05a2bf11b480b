use crate::exit_code::ExitCode;
use crate::failure::Explained;

/// A call that cannot be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallCommandError {
    #[error("the component exports no function `{name}`")]
    NoFunction { name: String, meant: Option<String>, known: Vec<String> },
    #[error("several functions go by the name `{name}`")]
    Ambiguous { name: String, candidates: Vec<String> },
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
    #[error("the capability `{capability}` cannot be granted yet")]
    NotYet { capability: String },
    #[error("there is no capability `{capability}`")]
    NoCapability { capability: String, meant: Option<String> },
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
            Self::NotYet { .. } => "PLG0704",
            Self::NoCapability { .. } => "PLG0705",
            Self::NoText { .. } => "PLG0706",
            Self::NoRun => "PLG0707",
            Self::Handle { .. } => "PLG0709",
        }
    }

    fn details(&self) -> Option<String> {
        match self {
            Self::Values { excerpt, .. } | Self::Handle { excerpt, .. } => Some(excerpt.clone()),
            _ => None,
        }
    }

    fn help(&self) -> Vec<String> {
        match self {
            Self::NoFunction { meant: Some(meant), .. } => vec![format!("did you mean `{meant}`?")],
            Self::NoFunction { known, .. } if known.is_empty() => {
                vec!["it exports no function at all; is it a library for other components?".to_owned()]
            }
            Self::NoFunction { known, .. } => vec![format!("it exports: {}", known.join(", "))],
            Self::Ambiguous { candidates, .. } => {
                vec![format!("name one of them in full: {}", candidates.join(", "))]
            }
            Self::Values { signature, params, mend, .. } => {
                // Types that the signature has by their names only.
                let types = params.iter().filter(|(_, ty)| !signature.contains(ty.as_str()));
                let types = types.map(|(name, ty)| format!("`{name}` is `{ty}`"));
                let function = format!("the function is `{signature}`");
                mend.iter().cloned().chain(std::iter::once(function)).chain(types).collect()
            }
            Self::Handle { mend, .. } => vec![mend.clone()],
            Self::NotYet { .. } => vec!["this version grants no capability; leave `--allow` out".to_owned()],
            Self::NoCapability { meant: Some(meant), .. } => vec![format!("did you mean `{meant}`?")],
            Self::NoCapability { .. } => vec![format!("there are: {}", super::grant::KNOWN.join(", "))],
            Self::NoText { .. } => vec!["call it from a host, by `plug_host::world!`".to_owned()],
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
