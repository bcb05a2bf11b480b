//! The command line as types. What the options mean stands in `docs/guide/command-line.md`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::quantity::{Bytes, Millis};

mod admission;
mod caps;
mod compat;

pub(crate) use admission::{Keygen, LockPlugins, NamedFile, Sign, Verify};
pub(crate) use caps::Caps;
pub(crate) use compat::{
    CheckCompat, CompatFormat, Contract, ContractCommand, Deny, Diff, Direction, Drift, Freeze, Hash,
    LinkerName, WitFeatures,
};

#[derive(Debug, Parser)]
#[command(
    name = "cargo-plug",
    bin_name = "cargo plug",
    version,
    about = "Create, build, inspect and call Plug plugins",
    after_help = "Exit codes: 0 fine, 1 failed, 2 usage, 100 incompatible, 101 could not decide.\n\
                  Each error has a code; `cargo plug explain PLG0101` tells what one means.",
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = false
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) talk: Talk,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How the tool talks; the same for every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Talk {
    /// Say nothing on stderr but warnings and errors
    #[arg(short, long, global = true, conflicts_with = "verbose", display_order = 900)]
    pub(crate) quiet: bool,
    /// Say more, such as the cargo commands that are run
    #[arg(short, long, global = true, action = ArgAction::Count, display_order = 901)]
    pub(crate) verbose: u8,
    /// Colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", display_order = 902)]
    pub(crate) color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

impl Color {
    /// What a command line says of colour that as a whole was not understood.
    pub(crate) fn among(args: &[OsString]) -> Self {
        let values = args.iter().zip(args.iter().skip(1)).filter(|(name, _)| *name == "--color");
        let last = values.map(|(_, value)| value.to_string_lossy().into_owned()).next_back();
        let joined = args
            .iter()
            .filter_map(|arg| arg.to_str()?.strip_prefix("--color=").map(str::to_owned))
            .next_back();
        joined.or(last).and_then(|value| Self::from_str(&value, false).ok()).unwrap_or(Self::Auto)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a folder with a new plugin
    New(New),
    /// Make a plugin in a folder that exists
    Init(Init),
    /// Build plugins and check what came out
    Build(Build),
    /// Say whether plugin and host fit, or what changed between two versions of a contract
    CheckCompat(CheckCompat),
    /// Freeze, hash and compare contracts
    Contract(Contract),
    /// Show what is inside a component
    Inspect(Inspect),
    /// Show what a component wants, could reach, and would be granted
    Caps(Caps),
    /// Call a function of a component in the sandbox
    Call(Call),
    /// Make a pair of keys to sign plugins with
    Keygen(Keygen),
    /// Sign a plugin
    Sign(Sign),
    /// Check signatures and pins of plugins
    Verify(Verify),
    /// Pin plugins: their bytes, contract, capabilities and signer
    Lock(LockPlugins),
    /// Check that everything is there that a build needs
    Doctor(Doctor),
    /// Install what a build needs
    Setup(Setup),
    /// Tell what an error code or a rule of compatibility means
    Explain(Explain),
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// Name of the plugin, and of its folder unless --path is given
    pub(crate) name: String,
    /// The folder to make
    #[arg(long, value_name = "DIR")]
    pub(crate) path: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) scaffold: Scaffold,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The folder; the current one unless given
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Name of the plugin; that of the folder unless given
    #[arg(long)]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) scaffold: Scaffold,
}

#[derive(Debug, Args)]
pub(crate) struct Scaffold {
    /// What to start from
    #[arg(long, value_name = "TEMPLATE", default_value = "processor", conflicts_with = "contract")]
    pub(crate) template: TemplateName,
    /// Write the plugin for the contract in this WIT folder of a host
    #[arg(long, value_name = "DIR")]
    pub(crate) contract: Option<PathBuf>,
    /// The world of that contract, if it has several
    #[arg(long, value_name = "WORLD", requires = "contract")]
    pub(crate) world: Option<String>,
    /// Depend on plug-guest-sdk in this folder, not on the published version
    #[arg(long, value_name = "DIR")]
    pub(crate) sdk_path: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TemplateName {
    /// The standard world: strings in, strings out
    Processor,
    /// A contract of your own
    Custom,
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    /// Build with optimisations
    #[arg(short, long, conflicts_with = "profile")]
    pub(crate) release: bool,
    /// Build with this profile
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Keep files and lines for backtraces, whatever the profile says; the plugin grows by a factor
    #[arg(long)]
    pub(crate) debug_info: bool,
    /// Build this plugin of the workspace
    #[arg(short, long = "package", value_name = "SPEC")]
    pub(crate) package: Vec<String>,
    /// Build every plugin of the workspace
    #[arg(long, conflicts_with = "package")]
    pub(crate) workspace: bool,
    #[command(flatten)]
    pub(crate) features: Features,
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<PathBuf>,
    /// Folder for everything that is built; plugins go to its folder `plug`
    #[arg(long, value_name = "DIR")]
    pub(crate) target_dir: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) lock: Lock,
    /// Form of the report on stdout
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) message_format: Format,
    /// Options for `cargo build`
    #[arg(last = true, value_name = "CARGO OPTIONS")]
    pub(crate) cargo_options: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Features {
    /// Features to switch on, with spaces or commas between them
    #[arg(short = 'F', long, value_name = "FEATURES")]
    pub(crate) features: Vec<String>,
    /// Switch on all features
    #[arg(long)]
    pub(crate) all_features: bool,
    /// Do not switch on the feature `default`
    #[arg(long)]
    pub(crate) no_default_features: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Lock {
    /// Fail if Cargo.lock would change
    #[arg(long)]
    pub(crate) locked: bool,
    /// Do without the network
    #[arg(long)]
    pub(crate) offline: bool,
    /// The same as --locked and --offline
    #[arg(long)]
    pub(crate) frozen: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The component
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: InspectFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InspectFormat {
    Human,
    Json,
    /// The world of the component as WIT text
    Wit,
}

#[derive(Debug, Args)]
pub(crate) struct Call {
    /// The component
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Calls in WAVE, made in order on one instance, such as 'process({input: "x", options: []})', or
    /// 'counter(1)' 'counter-1.add(2)' for a resource; without one, the functions are listed
    #[arg(value_name = "CALL")]
    pub(crate) calls: Vec<String>,
    /// Configuration that the plugin sees
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(crate) config: Vec<(String, String)>,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "wave")]
    pub(crate) format: CallFormat,
    /// Show how long compiling, instantiating and each call took
    #[arg(long)]
    pub(crate) time: bool,
    /// Grant a capability, such as fs:read=DIR or net=HOST:PORT
    #[arg(long, value_name = "CAPABILITY[=SCOPE]")]
    pub(crate) allow: Vec<String>,
    /// Grant what a policy file grants, within its limits
    #[arg(long, value_name = "FILE", conflicts_with_all = ["memory", "deadline"])]
    pub(crate) policy: Option<PathBuf>,
    /// The plugin's name in policy, lock and signature; that of its file unless given
    #[arg(long, value_name = "NAME")]
    pub(crate) plugin: Option<String>,
    /// Have its signature be of somebody whom this file trusts, where there is one or the policy requires it
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// Have it be pinned in this lock, by the name that --plugin gives or that of its file
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,
    /// Write what was denied to a file, for `cargo plug caps --suggest`
    #[arg(long, value_name = "FILE")]
    pub(crate) audit: Option<PathBuf>,
    /// Most memory that the plugin may have, such as 32MiB
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<Bytes>,
    /// Longest time that each call may take, such as 50ms
    #[arg(long, value_name = "TIME")]
    pub(crate) deadline: Option<Millis>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CallFormat {
    Wave,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// The project to look at; the current folder unless given
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Setup {
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask before writing into a toolchain
    #[arg(short, long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The code, such as PLG0101, or the rule, such as F06 or option-parameter-added
    #[arg(value_name = "CODE", required_unless_present_any = ["list", "rules"])]
    pub(crate) code: Option<String>,
    /// List all codes
    #[arg(long, conflicts_with = "code")]
    pub(crate) list: bool,
    /// List all rules of compatibility
    #[arg(long, conflicts_with_all = ["code", "list"])]
    pub(crate) rules: bool,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}
