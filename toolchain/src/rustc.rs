//! The compiler that builds plugins in a folder.

use std::path::{Path, PathBuf};

use crate::environment::Environment;
use crate::process::{Process, ProcessError};
use crate::target::GUEST_TARGET;

/// The compiler that is active in a folder, as it describes itself.
#[derive(Clone, Debug)]
pub struct Rustc {
    environment: Environment,
    dir: PathBuf,
    program: PathBuf,
    verbose_version: String,
    version: String,
    release: String,
    commit_hash: String,
    host: String,
    sysroot: PathBuf,
    target_libdir: PathBuf,
}

/// Why nothing could be learned about the compiler.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ToolchainError {
    /// There is no `rustc` on the search path.
    #[error("no `rustc` was found on the search path")]
    NoRustc,
    /// It is there, but does not answer.
    #[error("`{program} {question}` failed in {}: {reason}", .dir.display())]
    NoAnswer {
        /// The compiler's path.
        program: String,
        /// The arguments that it was given.
        question: &'static str,
        /// The folder that it ran in.
        dir: PathBuf,
        /// What it said instead.
        reason: String,
    },
    /// It answers something that no `rustc` says.
    #[error("`{program} {question}` did not say its {missing}")]
    OddAnswer {
        /// The program's path.
        program: String,
        /// The arguments that it was given.
        question: &'static str,
        /// What its answer lacks.
        missing: &'static str,
    },
    /// It is too old to know the target.
    #[error("rustc {release} does not know the target {GUEST_TARGET}")]
    TooOld {
        /// Its release.
        release: String,
    },
}

impl ToolchainError {
    /// The number of its page under `docs/errors`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoRustc => "PLG0401",
            Self::NoAnswer { .. } | Self::OddAnswer { .. } => "PLG0402",
            Self::TooOld { .. } => "PLG0403",
        }
    }

    /// What to do about it.
    pub fn mend(&self) -> String {
        match self {
            Self::NoRustc => {
                "install Rust (https://rustup.rs, or your distribution's packages) and see that \
                 its `bin` folder is on PATH"
                    .to_owned()
            }
            Self::NoAnswer { question, dir, .. } => format!(
                "run `rustc {question}` in {} and mend what it complains about; \
                 rustup's settings and rust-toolchain.toml choose the compiler there",
                dir.display()
            ),
            Self::OddAnswer { program, .. } => {
                format!("{program} must be a Rust compiler; check PATH and the variable RUSTC")
            }
            Self::TooOld { .. } => {
                format!("install Rust {} or newer: `rustup update stable`", minimum_release())
            }
        }
    }
}

/// The oldest release that the guest SDK compiles with.
pub(crate) fn minimum_release() -> &'static str {
    env!("CARGO_PKG_RUST_VERSION")
}

impl Rustc {
    /// Asks the compiler that is active in `dir` (so that its `rust-toolchain.toml` counts).
    ///
    /// # Errors
    /// When there is no compiler, when it does not answer, or does not know the guest target.
    pub fn probe(dir: &Path) -> Result<Self, ToolchainError> {
        Self::probe_in(dir, Environment::inherited())
    }

    /// The same in another environment than that of this process.
    ///
    /// # Errors
    /// As [`Rustc::probe`].
    pub fn probe_in(dir: &Path, environment: Environment) -> Result<Self, ToolchainError> {
        let program = match environment.var("RUSTC").map(PathBuf::from) {
            // A bare name is looked up as the shell would.
            Some(named) if named.components().count() > 1 => named,
            Some(named) => environment.find(&named.to_string_lossy()).ok_or(ToolchainError::NoRustc)?,
            None => environment.find("rustc").ok_or(ToolchainError::NoRustc)?,
        };
        let name = program.display().to_string();

        let question = "-vV";
        let verbose_version =
            ask(&environment, &program, dir, question).map_err(|error| ToolchainError::NoAnswer {
                program: name.clone(),
                question,
                dir: dir.to_owned(),
                reason: error.in_one_line(),
            })?;
        let odd = |missing| ToolchainError::OddAnswer { program: name.clone(), question, missing };
        let field = |key: &'static str| {
            verbose_version
                .lines()
                .find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
                .map(|value| value.trim().to_owned())
        };
        let version = verbose_version
            .lines()
            .next()
            .filter(|line| line.starts_with("rustc "))
            .ok_or_else(|| odd("version"))?
            .trim()
            .to_owned();
        let release = field("release").ok_or_else(|| odd("release"))?;
        let host = field("host").ok_or_else(|| odd("host"))?;
        let commit_hash = field("commit-hash").unwrap_or_else(|| "unknown".to_owned());

        let (sysroot, target_libdir) = folders(&environment, &program, dir, &release)?;
        Ok(Self {
            environment,
            dir: dir.to_owned(),
            program,
            verbose_version,
            version,
            release,
            commit_hash,
            host,
            sysroot,
            target_libdir,
        })
    }

    /// `1.95.0`
    pub fn release(&self) -> &str {
        &self.release
    }

    /// The commit that the compiler was built from, or `unknown`.
    pub fn commit_hash(&self) -> &str {
        &self.commit_hash
    }

    /// The target of programs for this machine, such as `x86_64-unknown-linux-gnu`.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The folder that the toolchain is installed in.
    pub fn sysroot(&self) -> &Path {
        &self.sysroot
    }

    /// Where the libraries of the guest target belong, whether they are there or not.
    pub fn target_libdir(&self) -> &Path {
        &self.target_libdir
    }

    /// The first line of `rustc -vV`: `rustc 1.95.0 (59807616e 2026-04-14)`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The whole answer to `rustc -vV`, which tells two compilers apart.
    pub fn verbose_version(&self) -> &str {
        &self.verbose_version
    }

    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where rustup keeps the tools that the compiler runs, such as the linkers.
    pub(crate) fn tools_dir(&self) -> PathBuf {
        self.sysroot.join("lib").join("rustlib").join(&self.host).join("bin")
    }
}

fn ask(
    environment: &Environment,
    program: &Path,
    dir: &Path,
    question: &str,
) -> Result<String, ProcessError> {
    Process::new(environment, program, dir).args(question.split_whitespace()).capture()
}

fn folders(
    environment: &Environment,
    program: &Path,
    dir: &Path,
    release: &str,
) -> Result<(PathBuf, PathBuf), ToolchainError> {
    let question = "--print sysroot --print target-libdir --target wasm32-wasip2";
    let name = program.display().to_string();
    let answer = match ask(environment, program, dir, question) {
        Ok(answer) => answer,
        // Every compiler knows where it is: so it is the target that it does not know.
        Err(ProcessError::Failed { .. }) if ask(environment, program, dir, "--print sysroot").is_ok() => {
            return Err(ToolchainError::TooOld { release: release.to_owned() });
        }
        Err(error) => {
            return Err(ToolchainError::NoAnswer {
                program: name,
                question,
                dir: dir.to_owned(),
                reason: error.in_one_line(),
            });
        }
    };
    let mut lines = answer.lines().filter(|line| !line.is_empty()).map(PathBuf::from);
    let odd = |missing| ToolchainError::OddAnswer { program: name.clone(), question, missing };
    let sysroot = lines.next().ok_or_else(|| odd("sysroot"))?;
    let target_libdir = lines.next().ok_or_else(|| odd("target-libdir"))?;
    Ok((sysroot, target_libdir))
}
