//! Running cargo, and reading what it says.

use std::ffi::{OsStr, OsString};
use std::io;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::{CrateType, Message, Metadata, Package, PackageId};

use crate::env::Place;
use crate::failure::Explained;
use crate::report::{Event, Reporter};

/// What plugins are compiled for.
pub(crate) use plug_toolchain::GUEST_TARGET;

/// Cargo, as this run found it.
pub(crate) struct Cargo<'a> {
    place: &'a Place,
    program: OsString,
}

/// Cargo was of no use.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CargoError {
    #[error("cargo cannot be run")]
    Start { program: String, source: io::Error },
    #[error("cargo failed")]
    Failed { hint: Option<String> },
    #[error("`{target}` calls `{symbol}`, which no code in the plugin defines")]
    MissingSymbol { target: String, symbol: String },
    #[error("cargo does not describe the project")]
    Metadata { source: cargo_metadata::Error },
    #[error("what cargo says cannot be read")]
    Messages { source: io::Error },
}

impl Explained for CargoError {
    fn code(&self) -> &'static str {
        match self {
            Self::Start { .. } => "PLG0009",
            Self::MissingSymbol { .. } => "PLG0019",
            Self::Failed { .. } | Self::Metadata { .. } | Self::Messages { .. } => "PLG0010",
        }
    }

    fn place(&self) -> Option<String> {
        match self {
            Self::Start { program, .. } => Some(program.clone()),
            Self::Failed { .. }
            | Self::MissingSymbol { .. }
            | Self::Metadata { .. }
            | Self::Messages { .. } => None,
        }
    }

    fn help(&self) -> Vec<String> {
        match self {
            Self::Start { .. } => {
                vec!["install Rust, so that `cargo` is on the PATH, or set CARGO to it".to_owned()]
            }
            Self::Failed { hint } => {
                vec![hint.clone().unwrap_or_else(|| "see cargo's own messages above".to_owned())]
            }
            Self::MissingSymbol { .. } => vec![
                "link the library that has it, built for wasm32-wasip2; or leave out the dependency or feature that \
                 wants it"
                    .to_owned(),
                "a function of the host is called through the contract, never as `extern \"C\"`".to_owned(),
            ],
            Self::Metadata { .. } | Self::Messages { .. } => {
                vec!["see whether `cargo metadata` works here".to_owned()]
            }
        }
    }
}

/// What cargo made of one package.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) package: PackageId,
    pub(crate) files: Vec<PathBuf>,
}

impl<'a> Cargo<'a> {
    /// The cargo that runs this program, or the one on the PATH.
    pub(crate) fn find(place: &'a Place) -> Self {
        let program = place.var("CARGO").map_or_else(|| OsString::from("cargo"), OsStr::to_owned);
        Self { place, program }
    }

    fn start_error(&self, source: io::Error) -> CargoError {
        CargoError::Start { program: self.program.to_string_lossy().into_owned(), source }
    }

    /// The project, without its dependencies: nothing is resolved, nothing downloaded.
    pub(crate) fn metadata(
        &self,
        manifest: Option<&Path>,
        reporter: &mut Reporter,
    ) -> Result<Metadata, CargoError> {
        let mut command = self.command("metadata", manifest);
        command.args(["--no-deps", "--format-version", "1"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        self.say(&command, reporter);
        let output = command.output().map_err(|source| self.start_error(source))?;
        if !output.status.success() {
            reporter.pass_on(&output.stderr);
            return Err(CargoError::Failed { hint: None });
        }
        let text = String::from_utf8_lossy(&output.stdout);
        cargo_metadata::MetadataCommand::parse(text).map_err(|source| CargoError::Metadata { source })
    }

    /// The workspace of this manifest without a word; `None` if cargo cannot read it as it is.
    pub(crate) fn quiet_metadata(&self, manifest: &Path) -> Option<Metadata> {
        let mut command = self.command("metadata", Some(manifest));
        command.args(["--no-deps", "--format-version", "1"]);
        let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| cargo_metadata::MetadataCommand::parse(text).ok()).flatten()
    }

    /// The manifest that cargo takes in this folder.
    pub(crate) fn locate_project(
        &self,
        manifest: Option<&Path>,
        reporter: &mut Reporter,
    ) -> Result<PathBuf, CargoError> {
        let mut command = self.command("locate-project", manifest);
        command.args(["--message-format", "plain"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        self.say(&command, reporter);
        let output = command.output().map_err(|source| self.start_error(source))?;
        if !output.status.success() {
            reporter.pass_on(&output.stderr);
            return Err(CargoError::Failed { hint: None });
        }
        Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim_end()))
    }

    /// `cargo build` for the guest target. Its messages go where cargo's always go.
    pub(crate) fn build(
        &self,
        manifest: Option<&Path>,
        packages: &[&Package],
        options: &[OsString],
        reporter: &mut Reporter,
    ) -> Result<Vec<Built>, CargoError> {
        let mut command = self.command("build", manifest);
        command.args(["--lib", "--target", GUEST_TARGET, "--message-format", "json-render-diagnostics"]);
        for package in packages {
            command.args(["--package", &package.id.repr]);
        }
        command.args(options);
        // It cannot see a terminal any more, as its talk goes through us: what its linker says is read on the way.
        let says =
            options.iter().any(|option| option == "--color") || self.place.var("CARGO_TERM_COLOR").is_some();
        if reporter.has_colour() && !says {
            command.args(["--color", "always"]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        self.say(&command, reporter);
        let mut child = command.spawn().map_err(|source| self.start_error(source))?;
        let stdout = child.stdout.take().expect("it is piped");
        let mut stderr = child.stderr.take().expect("it is piped");
        // Both are read to the end at once: a full pipe would stop cargo.
        let artifacts = std::thread::spawn(move || artifacts(BufReader::new(stdout)));
        let mut linker = LinkerTalk::default();
        let mut chunk = [0; 8 << 10];
        while let Ok(length @ 1..) = stderr.read(&mut chunk) {
            reporter.pass_on(&chunk[..length]);
            linker.hear(&chunk[..length]);
        }
        let (built, lines, trouble) = artifacts.join().expect("reading messages does not panic");
        for line in lines {
            reporter.pass_on(format!("{line}\n").as_bytes());
        }
        let status = child.wait().map_err(|source| self.start_error(source))?;
        match trouble {
            _ if !status.success() => {
                let missing = linker.missing_symbol();
                Err(missing.unwrap_or_else(|| CargoError::Failed { hint: self.hint() }))
            }
            Some(source) => Err(CargoError::Messages { source }),
            None => Ok(built),
        }
    }

    /// What may have stood in cargo's way, if it is something that this tool can mend.
    fn hint(&self) -> Option<String> {
        let rustc = plug_toolchain::Rustc::probe(self.place.cwd()).ok()?;
        let error = plug_toolchain::Target::require(&rustc).err()?;
        Some(format!("{error} [{}]: {}", error.code(), error.mend()))
    }

    fn command(&self, subcommand: &str, manifest: Option<&Path>) -> Command {
        let mut command = self.place.command(&self.program);
        command.arg(subcommand);
        if let Some(manifest) = manifest {
            command.arg("--manifest-path").arg(manifest);
        }
        command
    }

    fn say(&self, command: &Command, reporter: &mut Reporter) {
        let mut line = String::from("cargo");
        for arg in command.get_args() {
            line.push(' ');
            line.push_str(&arg.to_string_lossy());
        }
        reporter.event(Event::Running { command: line });
    }
}

/// What cargo made, lines that are no messages of its own, and why the rest could not be read.
type Artifacts = (Vec<Built>, Vec<String>, Option<io::Error>);

fn artifacts(stdout: impl io::BufRead) -> Artifacts {
    let (mut built, mut lines) = (Vec::new(), Vec::new());
    for message in Message::parse_stream(stdout) {
        match message {
            Ok(Message::CompilerArtifact(artifact)) if is_cdylib(&artifact.target) => built.push(Built {
                package: artifact.package_id,
                files: artifact.filenames.into_iter().map(Into::into).collect(),
            }),
            Ok(Message::TextLine(line)) => lines.push(line),
            Ok(_) => {}
            Err(error) => return (built, lines, Some(error)),
        }
    }
    (built, lines, None)
}

/// The end of what cargo and the linker said, without colours.
#[derive(Default)]
struct LinkerTalk(Vec<u8>);

impl LinkerTalk {
    /// The linker's complaint is the last thing that is said, behind a page of arguments.
    const KEPT: usize = 256 << 10;

    fn hear(&mut self, chunk: &[u8]) {
        self.0.extend_from_slice(chunk);
        let surplus = self.0.len().saturating_sub(Self::KEPT);
        self.0.drain(..surplus);
    }

    /// The symbol for which the guest's linker found no definition: `wasm-component-ld` takes it for an import
    /// and finds no interface for it, `wasm-ld` below says so itself.
    fn missing_symbol(&self) -> Option<CargoError> {
        const BEFORE: [(&str, char); 2] =
            [("failed to resolve import `env::", '`'), ("undefined symbol: ", '\n')];
        let text = String::from_utf8_lossy(&self.0);
        let (_, complaint) = text.split_once("linking with `wasm-component-ld` failed")?;
        let symbol = BEFORE.iter().find_map(|(before, end)| {
            let (_, rest) = complaint.split_once(before)?;
            let symbol = rest.split(*end).next()?.trim();
            (!symbol.is_empty()).then(|| symbol.to_owned())
        })?;
        let target = complaint.split_once("could not compile `").and_then(|(_, rest)| rest.split('`').next());
        Some(CargoError::MissingSymbol { target: target.unwrap_or("the plugin").to_owned(), symbol })
    }
}

/// Whether cargo makes a dynamic library of it, which is a component on the guest target.
pub(crate) fn is_cdylib(target: &cargo_metadata::Target) -> bool {
    target.crate_types.contains(&CrateType::CDyLib)
}
