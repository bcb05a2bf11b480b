//! The way by rustup.

use std::path::{Path, PathBuf};

use super::install::{Stage, prove};
use super::{MARKER, Progress, SetupError};
use crate::process::Process;
use crate::rustc::Rustc;
use crate::target::{GUEST_TARGET, Target, TargetState};

/// A rustup that manages the compiler in question.
#[derive(Debug)]
pub(super) struct Rustup {
    program: PathBuf,
    toolchain: String,
    downloads: Option<PathBuf>,
}

impl Rustup {
    /// Else the reason why rustup is of no help.
    pub(super) fn find(rustc: &Rustc) -> Result<Self, String> {
        let environment = rustc.environment();
        let program = environment.find("rustup").ok_or_else(|| "rustup is not installed".to_owned())?;
        let toolchain = match environment.var("RUSTUP_TOOLCHAIN") {
            Some(name) => name.to_string_lossy().into_owned(),
            None => {
                let answer = Process::new(environment, &program, rustc.dir())
                    .args(["show", "active-toolchain"])
                    .capture()
                    .map_err(|error| error.in_one_line())?;
                // `1.95.0-x86_64-unknown-linux-gnu (overridden by …)`
                let name = answer.split_whitespace().next().unwrap_or_default();
                if name.is_empty() {
                    return Err("rustup has no active toolchain here".to_owned());
                }
                name.to_owned()
            }
        };
        // A distribution's compiler may come first on the search path.
        let sysroot = Process::new(environment, &program, rustc.dir())
            .args(["run", &toolchain, "rustc", "--print", "sysroot"])
            .capture()
            .map_err(|error| error.in_one_line())?;
        if Path::new(sysroot.trim()) != rustc.sysroot() {
            return Err(format!(
                "rustup manages {}, but the compiler is of {}",
                sysroot.trim(),
                rustc.sysroot().display()
            ));
        }
        let downloads = environment
            .var("RUSTUP_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(environment.var("HOME")?).join(".rustup")))
            .map(|home| home.join("downloads"));
        Ok(Self { program, toolchain, downloads })
    }

    pub(super) fn toolchain(&self) -> &str {
        &self.toolchain
    }

    pub(super) fn command_line(&self) -> String {
        format!("rustup target add {GUEST_TARGET} --toolchain {}", self.toolchain)
    }

    /// The inner error says why rustup could not.
    pub(super) fn install(
        &self,
        rustc: &Rustc,
        state: &TargetState,
        stage: &Stage,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Result<(), String>, SetupError> {
        let folder = Target::folder(rustc);
        // rustup refuses to write over files that it does not know.
        let mut removed = None;
        if folder.join(MARKER).is_file() {
            removed = Some(stage.remove(&folder)?);
        } else if *state != TargetState::Absent {
            // rustup believes that what is broken is there, until told otherwise. When it does not
            // know the target, this fails, and so be it.
            let _ = self.target("remove", rustc).run(&mut |_| ());
        }

        progress(Progress::Step(self.command_line()));
        let added = self
            .target("add", rustc)
            .run(&mut |line| progress(Progress::Output(line.to_owned())))
            .map_err(|error| error.in_one_line());
        let outcome = match added {
            Err(why) => Err(why),
            Ok(()) if Target::state(rustc) == TargetState::Present => {
                progress(Progress::Step("compiling a small plugin".to_owned()));
                return match prove(rustc, stage, None)? {
                    Ok(()) => Ok(Ok(())),
                    Err(reason) => Err(SetupError::Unusable { reason }),
                };
            }
            Ok(()) => {
                Err(format!("it reported success, but {} is not complete", rustc.target_libdir().display()))
            }
        };
        if let Some(removed) = removed {
            removed.restore();
        }
        Ok(outcome)
    }

    fn target(&self, verb: &str, rustc: &Rustc) -> Process {
        Process::new(rustc.environment(), &self.program, rustc.dir())
            // The way of its error through rustup is for rustup's authors.
            .var("RUST_BACKTRACE", "0")
            .args(["target", verb, GUEST_TARGET, "--toolchain", &self.toolchain])
            .watching(self.downloads.clone())
    }
}
