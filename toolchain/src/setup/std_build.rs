//! The way from source: compiles the standard library, puts wasi-libc beside it, and proves the
//! whole before it is moved into the toolchain.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::distribution::{Distribution, Unpacked};
use super::install::{Stage, prove};
use super::{Progress, SetupError, marker_text};
use crate::environment::Patience;
use crate::process::Process;
use crate::rustc::Rustc;
use crate::target::{GUEST_TARGET, MARKER, SELF_CONTAINED, WASI_LIBC};

/// An archive without members.
const EMPTY_ARCHIVE: &[u8] = b"!<arch>\n";

/// std compiles for half a minute; a slow machine is silent for long over a large crate.
const PATIENCE: Patience = Patience { silence: Duration::from_secs(900), total: Duration::from_secs(3600) };

/// What a user's environment may say about builds, and must not say about this one.
const FOREIGN_SETTINGS: [&str; 4] =
    ["RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "CARGO_INCREMENTAL"];

/// The same, whole families.
const FOREIGN_FAMILIES: [&str; 4] = ["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_TARGET_", "CARGO_UNSTABLE_"];

/// The inner error says why this way does not lead there.
pub(super) fn install(
    rustc: &Rustc,
    distribution: &Distribution,
    stage: &Stage,
    progress: &mut dyn FnMut(Progress),
) -> Result<Result<(), String>, SetupError> {
    let Unpacked { library, libc } = match distribution.fetch(rustc, stage, progress)? {
        Ok(unpacked) => unpacked,
        Err(why) => return Ok(Err(why)),
    };
    progress(Progress::Step(format!(
        "compiling the standard library of {} for {GUEST_TARGET}",
        rustc.release()
    )));
    let built = match build(rustc, &library, stage, progress)? {
        Ok(built) => built,
        Err(why) => return Ok(Err(why)),
    };

    let sysroot = stage.folder("sysroot")?;
    let targets = stage.folder("sysroot/lib/rustlib")?;
    let target = stage.folder(&format!("sysroot/lib/rustlib/{GUEST_TARGET}"))?;
    assemble(rustc, &built, &libc, &target)?;

    progress(Progress::Step("compiling a small plugin with it".to_owned()));
    let host = Path::new("lib").join("rustlib").join(rustc.host());
    link(&rustc.sysroot().join(host), &targets.join(rustc.host()))?;
    if let Err(why) = prove(rustc, stage, Some(&sysroot))? {
        return Ok(Err(format!("it was built, but compiles nothing: {why}")));
    }
    stage.install(rustc, &target)?;
    progress(Progress::Step(format!("installed in {}", rustc.target_libdir().display())));
    Ok(Ok(()))
}

/// The folder with the compiled libraries.
fn build(
    rustc: &Rustc,
    library: &Path,
    stage: &Stage,
    progress: &mut dyn FnMut(Progress),
) -> Result<Result<PathBuf, String>, SetupError> {
    supply_dropped_archives(library)?;
    let vendored = [
        "--offline".to_owned(),
        "--locked".to_owned(),
        // The crates that only std's own tests need are not packaged.
        "-Zavoid-dev-deps".to_owned(),
        "--config=source.crates-io.replace-with='vendored'".to_owned(),
        format!("--config=source.vendored.directory='{}'", library.join("vendor").display()),
    ];
    let why_not_vendored = match compile(rustc, library, stage, "vendored", &vendored, progress)? {
        Ok(built) => return Ok(Ok(built)),
        Err(why) => why,
    };
    progress(Progress::Step("trying again with the crates of the package registry".to_owned()));
    Ok(compile(rustc, library, stage, "registry", &[], progress)?
        .map_err(|why| format!("with the packaged crates: {why_not_vendored}; with the registry's: {why}")))
}

fn compile(
    rustc: &Rustc,
    library: &Path,
    stage: &Stage,
    name: &str,
    options: &[String],
    progress: &mut dyn FnMut(Progress),
) -> Result<Result<PathBuf, String>, SetupError> {
    // A folder that another build has used would end in two candidates for each crate.
    let target_dir = stage.folder(&format!("build-{name}"))?;
    let environment = rustc.environment();
    // A proxy would choose a compiler by the folder: take the tools of this very toolchain.
    let bin = rustc.sysroot().join("bin");
    let exe = |name: &str| bin.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let Some(cargo) = Some(exe("cargo")).filter(|path| path.is_file()).or_else(|| environment.find("cargo"))
    else {
        return Ok(Err("there is no `cargo`".to_owned()));
    };
    let own_rustc = exe("rustc");
    let compiler = if own_rustc.is_file() { &own_rustc } else { rustc.program() };
    let names = environment.variables().filter_map(|(name, _)| name.to_str());
    let families: Vec<&str> =
        names.filter(|name| FOREIGN_FAMILIES.iter().any(|family| name.starts_with(family))).collect();
    let outcome = Process::new(environment, &cargo, library)
        .without_vars(&FOREIGN_SETTINGS)
        .without_vars(&families)
        .var("RUSTC", compiler)
        .var("RUSTC_BOOTSTRAP", "1")
        .var("__CARGO_DEFAULT_LIB_METADATA", "stablestd")
        .var("CARGO_ENCODED_RUSTFLAGS", flags(rustc, library))
        .patience(PATIENCE)
        .args(["build", "--release", "--manifest-path"])
        .arg(library.join("sysroot").join("Cargo.toml"))
        .args(["--target", GUEST_TARGET, "--features", "panic-unwind backtrace", "--target-dir"])
        .arg(&target_dir)
        .args(options)
        .run(&mut |line| progress(Progress::Output(line.to_owned())));
    Ok(match outcome {
        Ok(()) => Ok(target_dir.join(GUEST_TARGET).join("release").join("deps")),
        Err(error) => Err(error.in_one_line()),
    })
}

/// The compiler's flags, in cargo's encoding.
fn flags(rustc: &Rustc, library: &Path) -> OsString {
    let mut flags = OsString::from(
        "-Zforce-unstable-if-unmarked\x1f-Cembed-bitcode=yes\x1f-Cdebuginfo=0\x1f\
         --remap-path-prefix=",
    );
    // Panics of std name its files as in the official build, and no folder of this machine.
    flags.push(library.parent().unwrap_or(library));
    flags.push(format!("=/rustc/{}", rustc.commit_hash()));
    flags
}

/// Debian drops a precompiled archive from the crate wit-bindgen, whose build script then fails.
/// It holds a function that wasi-libc itself has on this target, so an empty one does.
fn supply_dropped_archives(library: &Path) -> Result<(), SetupError> {
    let Ok(crates) = library.join("vendor").read_dir() else { return Ok(()) };
    for entry in crates.flatten() {
        if !entry.file_name().to_string_lossy().starts_with("wit-bindgen-") {
            continue;
        }
        let archive = entry.path().join("src").join("rt").join("libwit_bindgen_cabi.a");
        if !archive.exists() && archive.parent().is_some_and(Path::is_dir) {
            fs::write(&archive, EMPTY_ARCHIVE).map_err(SetupError::files("write", &archive))?;
        }
    }
    Ok(())
}

/// Makes the target's folder of what was built and what was packaged.
fn assemble(rustc: &Rustc, built: &Path, libc: &Path, target: &Path) -> Result<(), SetupError> {
    let lib = target.join("lib");
    let own = lib.join(SELF_CONTAINED);
    fs::create_dir_all(&own).map_err(SetupError::files("create", &own))?;
    let entries = built.read_dir().map_err(SetupError::files("read", built))?;
    for entry in entries {
        let path = entry.map_err(SetupError::files("read", built))?.path();
        if path.extension().is_some_and(|extension| extension == "rlib")
            && let Some(name) = path.file_name()
        {
            fs::copy(&path, lib.join(name)).map_err(SetupError::files("copy", &path))?;
        }
    }
    for name in WASI_LIBC {
        let path = libc.join(name);
        fs::copy(&path, own.join(name)).map_err(SetupError::files("copy", &path))?;
    }
    let marker = target.join(MARKER);
    fs::write(&marker, marker_text(rustc)).map_err(SetupError::files("write", &marker))
}

#[cfg(unix)]
fn link(original: &Path, link: &Path) -> Result<(), SetupError> {
    std::os::unix::fs::symlink(original, link).map_err(SetupError::files("create", link))
}

/// Debian's tools are not found elsewhere, so this way is never taken there.
#[cfg(not(unix))]
fn link(_: &Path, link: &Path) -> Result<(), SetupError> {
    Err(SetupError::files("create", link)(std::io::ErrorKind::Unsupported.into()))
}
