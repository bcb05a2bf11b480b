//! Putting the target in place: a stage beside it, a proof that it works, one rename.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::{Progress, SetupError};
use crate::environment::Patience;
use crate::process::Process;
use crate::rustc::Rustc;
use crate::target::{GUEST_TARGET, Target};

const LOCK: &str = ".plug-setup.lock";
const STAGE_PREFIX: &str = ".plug-setup-";

/// A component, as opposed to a core module.
const COMPONENT_MAGIC: [u8; 8] = *b"\0asm\x0d\0\x01\0";

/// The smallest plugin that needs the standard library, wasi-libc and the linkers.
const SAMPLE: &str = "#[unsafe(no_mangle)]\n\
    pub extern \"C\" fn arguments() -> usize {\n    std::env::args().count()\n}\n";

/// A folder on the file system of the toolchain, and the right to change the toolchain as long as
/// it lives. It goes when dropped; what a killed run left behind goes with the next one.
#[derive(Debug)]
pub(super) struct Stage {
    folder: TempDir,
    _lock: File,
}

impl Stage {
    pub(super) fn open(rustc: &Rustc, progress: &mut dyn FnMut(Progress)) -> Result<Self, SetupError> {
        let parent = Target::targets_folder(rustc);
        let not_writable = |source: io::Error| match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                SetupError::NotWritable { folder: parent.clone(), source }
            }
            _ => SetupError::Files { doing: "write to", path: parent.clone(), source },
        };
        let lock = File::options()
            .create(true)
            .write(true)
            .truncate(false)
            .open(parent.join(LOCK))
            .map_err(not_writable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                progress(Progress::Step("waiting for another set-up of this toolchain".to_owned()));
                lock.lock().map_err(not_writable)?;
            }
            Err(TryLockError::Error(source)) => return Err(not_writable(source)),
        }
        remove_leftovers(&parent);
        let folder =
            tempfile::Builder::new().prefix(STAGE_PREFIX).tempdir_in(&parent).map_err(not_writable)?;
        Ok(Self { folder, _lock: lock })
    }

    /// A new empty folder in the stage.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf, SetupError> {
        let path = self.folder.path().join(name);
        fs::create_dir_all(&path).map_err(SetupError::files("create", &path))?;
        Ok(path)
    }

    /// Moves what is at `path` into the stage; [`Removed::restore`] brings it back.
    pub(super) fn remove(&self, path: &Path) -> Result<Removed, SetupError> {
        let mut aside = self.folder.path().join("removed");
        while aside.exists() {
            aside.as_mut_os_string().push("+");
        }
        match fs::rename(path, &aside) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(SetupError::files("replace", path)(error)),
        }
        Ok(Removed { path: path.to_owned(), aside })
    }

    /// Puts `new` where the target belongs.
    pub(super) fn install(&self, rustc: &Rustc, new: &Path) -> Result<(), SetupError> {
        let folder = Target::folder(rustc);
        let old = self.remove(&folder)?;
        fs::rename(new, &folder).map_err(|error| {
            old.restore();
            SetupError::files("create", &folder)(error)
        })
    }
}

/// Something that was moved out of the way.
pub(super) struct Removed {
    path: PathBuf,
    aside: PathBuf,
}

impl Removed {
    /// Best effort: there is an error to report already, and what was there was of no use.
    pub(super) fn restore(self) {
        if !self.path.exists() {
            let _ = fs::rename(self.aside, self.path);
        }
    }
}

/// Only the holder of the lock may call this. A folder that resists is no reason to stop.
fn remove_leftovers(parent: &Path) {
    let Ok(entries) = parent.read_dir() else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(STAGE_PREFIX) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Compiles the sample; `sysroot` stands in for the compiler's own. The inner error says why the
/// target is of no use.
pub(super) fn prove(
    rustc: &Rustc,
    stage: &Stage,
    sysroot: Option<&Path>,
) -> Result<Result<(), String>, SetupError> {
    let folder = stage.folder("sample")?;
    let source = folder.join("sample.rs");
    fs::write(&source, SAMPLE).map_err(SetupError::files("write", &source))?;
    let output = folder.join("sample.wasm");
    let mut process = Process::new(rustc.environment(), rustc.program(), rustc.dir())
        .args(["--edition=2024", "--crate-type=cdylib", "-Copt-level=0", "--target", GUEST_TARGET])
        .patience(Patience { silence: Duration::from_secs(300), total: Duration::from_secs(300) });
    if let Some(sysroot) = sysroot {
        process = process.arg("--sysroot").arg(sysroot);
    }
    if let Err(error) = process.arg("-o").arg(&output).arg(&source).run(&mut |_| ()) {
        return Ok(Err(error.in_one_line()));
    }
    let mut magic = [0; COMPONENT_MAGIC.len()];
    let is_component = File::open(&output)
        .and_then(|mut file| file.read_exact(&mut magic))
        .is_ok_and(|()| magic == COMPONENT_MAGIC);
    Ok(if is_component { Ok(()) } else { Err("the linker did not produce a component".to_owned()) })
}
