//! Arguments of `check-compat` and `contract`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Format;

#[derive(Debug, Args)]
pub(crate) struct CheckCompat {
    /// The new: a plugin, a WIT folder, a `.wit` file or a binary WIT package; this project unless given
    #[arg(value_name = "NEW")]
    pub(crate) new: Option<PathBuf>,
    /// The old: any of those, a `contract.lock`, or git:REV[:PATH]; may be given several times
    #[arg(long, value_name = "HOST")]
    pub(crate) against: Vec<String>,
    /// Fit if one of several --against fits, as for a host that serves several contracts
    #[arg(long)]
    pub(crate) any: bool,
    /// The world of the new contract, if it has several
    #[arg(long, value_name = "WORLD")]
    pub(crate) world: Option<String>,
    /// The world of the old contract; the one of the same name unless given
    #[arg(long, value_name = "WORLD")]
    pub(crate) against_world: Option<String>,
    #[command(flatten)]
    pub(crate) features: WitFeatures,
    /// Who moves on while the other stays
    #[arg(long, value_name = "WHO")]
    pub(crate) direction: Option<Direction>,
    /// What else does not fit
    #[arg(long, value_name = "VERDICT")]
    pub(crate) deny: Option<Deny>,
    /// What puts plugin and host together
    #[arg(long, value_name = "LINKER", default_value = "wasmtime")]
    pub(crate) linker: LinkerName,
    /// Compare with this frozen version, or with all of them
    #[arg(long, value_name = "VERSION|all")]
    pub(crate) frozen: Option<String>,
    /// File with overrides; plug-compat.toml beside the contract unless given
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: CompatFormat,
}

/// Which `@unstable` items of WIT text count.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct WitFeatures {
    /// Features of `@unstable` items to read, with commas between them
    #[arg(short = 'F', long, value_name = "FEATURES", value_delimiter = ',')]
    pub(crate) features: Vec<String>,
    /// Read the `@unstable` items of all features
    #[arg(long)]
    pub(crate) all_features: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Direction {
    /// Old plugins run on the new host
    HostUpgrade,
    /// New plugins run on the old host
    PluginUpgrade,
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    /// What links, but may go wrong
    Hazard,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LinkerName {
    /// Hosts made by wasmtime's `bindgen!`, which demand even `@unstable` exports
    Wasmtime,
    /// Hosts made by `plug_host::world!`
    Plug,
    /// Composition with other components, which follows the specification
    Spec,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompatFormat {
    Human,
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

#[derive(Debug, Args)]
pub(crate) struct Contract {
    #[command(subcommand)]
    pub(crate) command: ContractCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ContractCommand {
    /// Keep this version of a contract, to compare later ones with
    Freeze(Freeze),
    /// Check that frozen versions are as they were, and that the version rose with the contract
    Drift(Drift),
    /// Show the hashes of a contract and its parts
    Hash(Hash),
    /// List what changed from one contract to another
    Diff(Diff),
}

#[derive(Debug, Args)]
pub(crate) struct Freeze {
    /// The WIT folder; `wit` or the current folder unless given
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) features: WitFeatures,
}

#[derive(Debug, Args)]
pub(crate) struct Drift {
    /// The WIT folder; `wit` or the current folder unless given
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Hash {
    /// A WIT folder, a `.wit` file, a component, a binary WIT package, a `contract.lock`, or
    /// git:REV[:PATH]; `wit` or the current folder unless given
    #[arg(value_name = "CONTRACT")]
    pub(crate) contract: Option<String>,
    /// Only this world
    #[arg(long, value_name = "WORLD")]
    pub(crate) world: Option<String>,
    #[command(flatten)]
    pub(crate) features: WitFeatures,
    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The old contract: as for `check-compat --against`
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// The new contract
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    /// The world of the new contract, if it has several
    #[arg(long, value_name = "WORLD")]
    pub(crate) world: Option<String>,
    /// The world of the old contract; the one of the same name unless given
    #[arg(long, value_name = "WORLD")]
    pub(crate) against_world: Option<String>,
    #[command(flatten)]
    pub(crate) features: WitFeatures,
    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
}
