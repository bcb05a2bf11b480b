//! Making the guest target available: what would be done, and doing it.

mod distribution;
mod error;
mod install;
mod rustup;
mod std_build;

use std::fmt;
use std::path::Path;

pub use error::{Attempt, SetupError};

use crate::rustc::Rustc;
use crate::target::{GUEST_TARGET, MARKER, SELF_CONTAINED, Target, TargetState, WASI_LIBC};
use distribution::Distribution;
use install::Stage;
use rustup::Rustup;

/// The names of the ways, for people.
const RUSTUP: &str = "rustup";
const FROM_SOURCE: &str = "from source";

/// Installs the guest target.
#[derive(Debug)]
pub struct Setup;

/// What set-up would do, and the means to do it.
#[derive(Debug)]
pub struct Plan {
    rustc: Rustc,
    state: TargetState,
    rustup: Result<Rustup, String>,
    distribution: Result<Distribution, String>,
    ways: Vec<Way>,
    steps: Vec<String>,
}

/// One way to the guest target.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Way {
    /// Nothing is to be done.
    AlreadyPresent,
    /// rustup downloads it.
    Rustup {
        /// The toolchain that it is added to.
        toolchain: String,
    },
    /// The standard library is compiled from the sources that the distribution packages.
    BuildStd {
        /// The package manager that fetches the sources.
        via: &'static str,
    },
    /// Somebody has to do it.
    ByHand {
        /// What has to be done.
        text: String,
    },
}

/// What a running set-up has to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Something begins.
    Step(String),
    /// A line that a tool printed.
    Output(String),
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step(text) => f.write_str(text),
            Self::Output(line) => write!(f, "    {line}"),
        }
    }
}

impl Setup {
    /// Looks around; changes nothing and downloads nothing.
    pub fn plan(rustc: &Rustc) -> Plan {
        let state = Target::state(rustc);
        let mut plan = Plan {
            rustc: rustc.clone(),
            state,
            rustup: Err(String::new()),
            distribution: Err(String::new()),
            ways: Vec::new(),
            steps: Vec::new(),
        };
        if plan.state == TargetState::Present {
            plan.ways.push(Way::AlreadyPresent);
            plan.steps.push(format!(
                "nothing: {GUEST_TARGET} is installed for rustc {} in {}",
                rustc.release(),
                rustc.target_libdir().display()
            ));
            return plan;
        }
        plan.rustup = Rustup::find(rustc);
        plan.distribution = Distribution::find(rustc);
        plan.list_ways();
        plan
    }
}

impl Plan {
    /// What would be done, for people: one line a step.
    pub fn steps(&self) -> &[String] {
        &self.steps
    }

    /// The ways in the order in which they are tried; the first that works is the last.
    pub fn ways(&self) -> &[Way] {
        &self.ways
    }

    /// Whether there is nothing to do.
    pub fn is_done(&self) -> bool {
        self.ways == [Way::AlreadyPresent]
    }

    /// The folder of the toolchain that would be written, if any would.
    pub fn writes_into(&self) -> Option<&Path> {
        let writes = self.rustup.is_ok() || self.distribution.is_ok();
        (!self.is_done() && writes).then(|| self.rustc.sysroot())
    }

    /// Does it.
    ///
    /// It may be interrupted at any time and run again: what is in place is whole, and has
    /// compiled a plugin. A second run at the same time waits for the first.
    ///
    /// # Errors
    /// When no way leads to the target, or the toolchain's folder cannot be written.
    pub fn run(&self, progress: &mut dyn FnMut(Progress)) -> Result<(), SetupError> {
        if self.is_done() {
            return Ok(());
        }
        let mut attempts = Vec::new();
        if self.writes_into().is_some() {
            let stage = Stage::open(&self.rustc, progress)?;
            // Another run may have done it while this one waited.
            let state = Target::state(&self.rustc);
            if state == TargetState::Present {
                return Ok(());
            }
            match &self.rustup {
                Ok(rustup) => match rustup.install(&self.rustc, &state, &stage, progress)? {
                    Ok(()) => return Ok(()),
                    Err(why) => {
                        progress(Progress::Step(format!("that did not work: {why}")));
                        attempts.push(Attempt::new(RUSTUP, why));
                    }
                },
                Err(why) => attempts.push(Attempt::new(RUSTUP, why.clone())),
            }
            match &self.distribution {
                Ok(distribution) => match std_build::install(&self.rustc, distribution, &stage, progress)? {
                    Ok(()) => return Ok(()),
                    Err(why) => attempts.push(Attempt::new(FROM_SOURCE, why)),
                },
                Err(why) => attempts.push(Attempt::new(FROM_SOURCE, why.clone())),
            }
        } else {
            attempts = self.ruled_out();
        }
        Err(SetupError::NoWay { attempts, by_hand: by_hand(&self.rustc) })
    }

    /// The ways that cannot even be tried.
    fn ruled_out(&self) -> Vec<Attempt> {
        let reasons = [(RUSTUP, self.rustup.as_ref().err()), (FROM_SOURCE, self.distribution.as_ref().err())];
        let reasons = reasons.into_iter();
        reasons.filter_map(|(way, why)| Some(Attempt::new(way, why?.clone()))).collect()
    }

    fn list_ways(&mut self) {
        let rustc = &self.rustc;
        match &self.state {
            TargetState::Stale => self.steps.push(format!(
                "replace {GUEST_TARGET}, which was built by {}",
                Target::built_by(rustc).unwrap_or_else(|| "another compiler".to_owned())
            )),
            TargetState::Incomplete { missing } => self.steps.push(format!(
                "replace {GUEST_TARGET}, which lacks {} files, such as {}",
                missing.len(),
                missing.first().map(|path| path.display().to_string()).unwrap_or_default()
            )),
            TargetState::Present | TargetState::Absent => {}
        }
        if let Ok(rustup) = &self.rustup {
            self.ways.push(Way::Rustup { toolchain: rustup.toolchain().to_owned() });
            self.steps.push(format!("run `{}`", rustup.command_line()));
        }
        if let Ok(distribution) = &self.distribution {
            self.ways.push(Way::BuildStd { via: distribution.package_manager() });
            let otherwise = if self.rustup.is_ok() { "if that fails: " } else { "" };
            self.steps.push(format!("{otherwise}{}", distribution.download_step()));
            self.steps.push(format!(
                "{otherwise}compile the standard library for {GUEST_TARGET} with rustc {}",
                rustc.release()
            ));
            self.steps.push(format!("{otherwise}move it to {}", Target::folder(rustc).display()));
        }
        if self.ways.is_empty() {
            let text = by_hand(rustc);
            for attempt in self.ruled_out() {
                self.steps.push(format!("nothing by itself; {attempt}"));
            }
            self.steps.extend(text.lines().map(str::to_owned));
            self.ways.push(Way::ByHand { text });
        } else {
            self.steps.push("compile a small plugin, to see that it works".to_owned());
        }
    }
}

/// What a person can do where no way of ours leads to the target.
fn by_hand(rustc: &Rustc) -> String {
    let release = rustc.release();
    let libdir = rustc.target_libdir().display();
    let libc = WASI_LIBC.join(", ");
    format!(
        "on a machine with a network and the same compiler ({version}), run \
         `rustup target add {GUEST_TARGET}` and copy its folder SYSROOT/lib/rustlib/{GUEST_TARGET} \
         to {folder} here;\n\
         or compile the standard library of {release} for {GUEST_TARGET} from its sources \
         (rust-src), put all of its *.rlib into {libdir}, and {libc} of wasi-libc for wasip2 into \
         {libdir}/{SELF_CONTAINED};\n\
         `cargo plug explain PLG0404` has each step, `cargo plug doctor` tells what is missing",
        version = rustc.version(),
        folder = Target::folder(rustc).display(),
    )
}

/// The contents of the marker file for a compiler.
fn marker_text(rustc: &Rustc) -> String {
    let mut text = rustc.verbose_version().trim().to_owned();
    text.push('\n');
    text
}
