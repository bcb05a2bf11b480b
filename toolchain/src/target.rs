//! The libraries of the guest target: what is there, and for which compiler.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::rustc::Rustc;

/// What plugins are compiled for.
pub const GUEST_TARGET: &str = "wasm32-wasip2";

/// The crates without which no plugin links.
const CRATES: [&str; 5] = ["core", "alloc", "compiler_builtins", "std", "panic_abort"];

/// The files of wasi-libc that the linker is given.
pub(crate) const WASI_LIBC: [&str; 3] = ["crt1-command.o", "crt1-reactor.o", "libc.a"];

/// The folder beside the libraries that holds them.
pub(crate) const SELF_CONTAINED: &str = "self-contained";

/// Lies in the target's folder when set-up built it, and holds the `rustc -vV` of its compiler.
pub(crate) const MARKER: &str = "built-by-plug-setup";

/// No more of a library is searched for the version of its compiler.
const SEARCHED_BYTES: u64 = 64 * 1024 * 1024;

/// The guest target of a compiler.
#[derive(Debug)]
pub struct Target;

/// What of the guest target is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetState {
    /// All of it, for this compiler.
    Present,
    /// Some of it.
    Incomplete {
        /// What is not there; `*` stands for the hash in a library's name.
        missing: Vec<PathBuf>,
    },
    /// It was built for another compiler, so this one refuses it.
    Stale,
    /// Nothing.
    Absent,
}

/// The guest target cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// It is not installed.
    #[error("the target {GUEST_TARGET} is not installed for rustc {release}")]
    Absent {
        /// The compiler's release.
        release: String,
    },
    /// Files of it are missing.
    #[error(
        "the target {GUEST_TARGET} of rustc {release} lacks {}",
        .missing.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
    )]
    Incomplete {
        /// The compiler's release.
        release: String,
        /// The files, as in [`TargetState::Incomplete`].
        missing: Vec<PathBuf>,
    },
    /// It was built by another compiler.
    #[error(
        "the target {GUEST_TARGET} was built by {}, the compiler is {version}",
        .built_by.as_deref().unwrap_or("another compiler")
    )]
    Stale {
        /// The version line of the compiler that built it, when that can be told.
        built_by: Option<String>,
        /// The version line of the compiler that is active.
        version: String,
    },
}

impl TargetError {
    /// The number of its page under `docs/errors`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Absent { .. } => "PLG0410",
            Self::Incomplete { .. } => "PLG0411",
            Self::Stale { .. } => "PLG0412",
        }
    }

    /// What to do about it.
    pub fn mend(&self) -> String {
        "run `cargo plug setup`".to_owned()
    }
}

impl Target {
    /// Looks at the files; compiles nothing.
    pub fn state(rustc: &Rustc) -> TargetState {
        let libdir = rustc.target_libdir();
        let (found, mut missing): (Vec<_>, Vec<_>) =
            CRATES.into_iter().partition(|name| find_crate(libdir, name).is_some());
        if found.is_empty() {
            return TargetState::Absent;
        }
        if Self::built_by(rustc).is_some_and(|version| version != rustc.version()) {
            return TargetState::Stale;
        }
        let missing: Vec<PathBuf> = missing
            .drain(..)
            .map(|name| libdir.join(format!("lib{name}-*.rlib")))
            .chain(Self::missing_libc(libdir))
            .collect();
        if missing.is_empty() { TargetState::Present } else { TargetState::Incomplete { missing } }
    }

    /// Nothing when plugins can be compiled; else what stands in the way.
    ///
    /// # Errors
    /// When the target is absent, incomplete, or built by another compiler.
    pub fn require(rustc: &Rustc) -> Result<(), TargetError> {
        let release = rustc.release().to_owned();
        match Self::state(rustc) {
            TargetState::Present => Ok(()),
            TargetState::Absent => Err(TargetError::Absent { release }),
            TargetState::Incomplete { missing } => Err(TargetError::Incomplete { release, missing }),
            TargetState::Stale => Err(TargetError::Stale {
                built_by: Self::built_by(rustc),
                version: rustc.version().to_owned(),
            }),
        }
    }

    /// The version line of the compiler that the installed libraries were built by, when they
    /// tell.
    pub fn built_by(rustc: &Rustc) -> Option<String> {
        if let Ok(marker) = fs::read_to_string(Self::folder(rustc).join(MARKER)) {
            // Two compilers can have one version line and differ in the rest: say so by the rest.
            let same = marker.trim() == rustc.verbose_version().trim();
            let line = marker.lines().next().unwrap_or_default().trim();
            return Some(if same || line != rustc.version() {
                line.to_owned()
            } else {
                format!("{line}, of another build")
            });
        }
        embedded_version(&find_crate(rustc.target_libdir(), "core")?, rustc.version())
    }

    /// `SYSROOT/lib/rustlib/wasm32-wasip2`: all of the target.
    pub(crate) fn folder(rustc: &Rustc) -> PathBuf {
        rustc.target_libdir().parent().map_or_else(|| rustc.target_libdir().to_owned(), Path::to_owned)
    }

    /// `SYSROOT/lib/rustlib`: the targets.
    pub(crate) fn targets_folder(rustc: &Rustc) -> PathBuf {
        let folder = Self::folder(rustc);
        folder.parent().map_or(folder.clone(), Path::to_owned)
    }

    /// The files of wasi-libc that are not in `libdir`.
    pub(crate) fn missing_libc(libdir: &Path) -> Vec<PathBuf> {
        WASI_LIBC
            .into_iter()
            .map(|name| libdir.join(SELF_CONTAINED).join(name))
            .filter(|path| !path.is_file())
            .collect()
    }
}

/// The library of one crate of std.
fn find_crate(libdir: &Path, name: &str) -> Option<PathBuf> {
    let prefix = format!("lib{name}-");
    let entries = libdir.read_dir().ok()?;
    entries.flatten().map(|entry| entry.path()).find(|path| {
        path.extension().is_some_and(|extension| extension == "rlib")
            && path.file_name().is_some_and(|file| file.to_string_lossy().starts_with(&prefix))
    })
}

/// The compiler writes its version line in clear into each library, and refuses those of others.
fn embedded_version(library: &Path, expected: &str) -> Option<String> {
    let mut bytes = Vec::new();
    fs::File::open(library).ok()?.take(SEARCHED_BYTES).read_to_end(&mut bytes).ok()?;
    if find(&bytes, expected.as_bytes()).is_some() {
        return Some(expected.to_owned());
    }
    let start = find(&bytes, b"rustc 1.")?;
    let length = bytes[start..].iter().take(128).position(|byte| *byte == b')')? + 1;
    String::from_utf8(bytes[start..start + length].to_vec()).ok()
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
