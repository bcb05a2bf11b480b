//! Arguments of `keygen`, `sign`, `verify` and `lock`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::Format;

#[derive(Debug, Args)]
pub(crate) struct Keygen {
    /// Where the two files go, without their endings: OUT.key, which is secret, and OUT.pub
    #[arg(long, value_name = "OUT", default_value = "plug")]
    pub(crate) out: PathBuf,
    /// Do not protect the secret key by a password
    #[arg(long)]
    pub(crate) no_password: bool,
    /// Take the password from the first line of this file
    #[arg(long, value_name = "FILE", conflicts_with = "no_password")]
    pub(crate) password_file: Option<PathBuf>,
    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// The component
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The secret key
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// The name under which hosts load it; that of the file unless given
    #[arg(long, value_name = "NAME")]
    pub(crate) plugin: Option<String>,
    /// Take the password from the first line of this file
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("against").args(["key", "trust", "lock"]).required(true).multiple(true))]
pub(crate) struct Verify {
    /// Components, each by the name of its file or as NAME=FILE
    #[arg(value_name = "[NAME=]FILE", required = true)]
    pub(crate) files: Vec<NamedFile>,
    /// They have to be signed with this public key: its file, or the key itself
    #[arg(long, value_name = "PUB", conflicts_with = "trust")]
    pub(crate) key: Option<PathBuf>,
    /// They have to be signed by somebody whom this file trusts
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// They have to be what this file pins
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,
    /// The name under which it is loaded, of a single file
    #[arg(long, value_name = "NAME")]
    pub(crate) plugin: Option<String>,
    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct LockPlugins {
    /// Components, each by the name of its file or as NAME=FILE
    #[arg(value_name = "[NAME=]FILE", required = true)]
    pub(crate) files: Vec<NamedFile>,
    /// The lock to write
    #[arg(long, value_name = "FILE", default_value = "plug.lock")]
    pub(crate) lock: PathBuf,
    /// Verify signatures by this file, and pin who signed
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// Agree to all that plugins want beyond what was pinned
    #[arg(long)]
    pub(crate) accept_capabilities: bool,
    /// Agree to plugins that are signed by somebody else than was pinned, or by nobody
    #[arg(long)]
    pub(crate) accept_signer: bool,
    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
}

/// A file, and the name of the plugin in it.
#[derive(Debug, Clone)]
pub(crate) struct NamedFile {
    pub(crate) name: Option<String>,
    pub(crate) path: PathBuf,
}

impl std::str::FromStr for NamedFile {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // what has a folder before the `=` is a path
        Ok(match text.split_once('=') {
            Some((name, path)) if !name.contains(['/', '\\']) => {
                Self { name: Some(name.to_owned()), path: path.into() }
            }
            _ => Self { name: None, path: text.into() },
        })
    }
}
