//! Arguments of `caps`.

use std::path::PathBuf;

use clap::Args;

use super::Format;

#[derive(Debug, Args)]
pub(crate) struct Caps {
    /// The component; with NEW, the old version of it
    #[arg(value_name = "FILE", required_unless_present = "suggest")]
    pub(crate) file: Option<PathBuf>,
    /// The new version: show what it would gain
    #[arg(value_name = "NEW")]
    pub(crate) new: Option<PathBuf>,
    /// Show what would take effect under this policy
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Name of the plugin in the policy; the one in its manifest unless given
    #[arg(long, value_name = "NAME", requires = "policy")]
    pub(crate) plugin: Option<String>,
    /// Write the least policy that allows what was denied, from a host's audit file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "new", "policy"])]
    pub(crate) suggest: Option<PathBuf>,
    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
}
