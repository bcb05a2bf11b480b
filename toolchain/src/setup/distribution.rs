//! The sources of the standard library, and wasi-libc, as Debian packages them.
//!
//! The machine's own configuration of apt stays as it is: lists and downloads go to folders of
//! ours, and apt checks the signatures with Debian's keyring.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::install::Stage;
use super::{Progress, SetupError};
use crate::environment::Patience;
use crate::process::{Process, option};
use crate::rustc::Rustc;
use crate::target::WASI_LIBC;

const SOURCES: &str = "rust-src";
const LIBC: &str = "wasi-libc";

/// Where the sources of recent compilers are, the likeliest first.
const SUITES_OF_SOURCES: [&str; 5] = ["trixie-backports", "forky", "sid", "forky-backports", "trixie"];

/// Older ones have no wasi-libc for wasip2.
const SUITES_OF_LIBC: [&str; 3] = ["trixie-backports", "forky", "sid"];

/// apt waits long for a slow mirror before it says anything.
const PATIENCE: Patience = Patience { silence: Duration::from_secs(180), total: Duration::from_secs(1800) };

/// The package manager and where it downloads from.
#[derive(Debug)]
pub(super) struct Distribution {
    apt_get: PathBuf,
    apt_cache: PathBuf,
    dpkg: PathBuf,
    keyring: PathBuf,
    mirror: String,
    cache: Option<PathBuf>,
}

/// What was fetched, unpacked.
pub(super) struct Unpacked {
    /// The folder `library` of the compiler's sources.
    pub(super) library: PathBuf,
    /// The folder with the files of wasi-libc.
    pub(super) libc: PathBuf,
}

/// A package, and how to tell that a version of it is the wanted one.
struct Wanted<'a> {
    name: &'static str,
    suites: &'static [&'static str],
    fits: &'a dyn Fn(&str) -> bool,
    /// What must be in it, relative to where it is unpacked.
    holds: Vec<PathBuf>,
}

impl Distribution {
    /// Else the reason why it is of no help. Downloads nothing.
    pub(super) fn find(rustc: &Rustc) -> Result<Self, String> {
        if !is_release(rustc.release()) {
            return Err(format!("no distribution packages the sources of {}", rustc.version()));
        }
        let environment = rustc.environment();
        let tool = |name| {
            environment
                .find(name)
                .ok_or_else(|| format!("this needs Debian's tools, and there is no `{name}`"))
        };
        let (apt_get, apt_cache, dpkg) = (tool("apt-get")?, tool("apt-cache")?, tool("dpkg")?);
        let keyring = environment
            .keyring()
            .ok_or("Debian's keyring is not installed (package debian-archive-keyring)")?
            .to_owned();
        let targets = Process::new(environment, &apt_get, rustc.dir())
            .args(["indextargets", "--format", "$(LABEL)|$(REPO_URI)", "Created-By: Packages"])
            .capture()
            .map_err(|error| error.in_one_line())?;
        let mirror =
            mirror(&targets).ok_or("apt knows no mirror of Debian's archive on this machine")?.to_owned();
        let cache = environment.cache_dir().map(|dir| {
            let commit: String = rustc.commit_hash().chars().take(9).collect();
            dir.join("guest-toolchain").join(format!("{}-{commit}", rustc.release()))
        });
        Ok(Self { apt_get, apt_cache, dpkg, keyring, mirror, cache })
    }

    pub(super) fn package_manager(&self) -> &'static str {
        "apt"
    }

    pub(super) fn download_step(&self) -> String {
        let kept = match &self.cache {
            Some(cache) => format!("keep them in {}", cache.display()),
            None => "keep nothing of them".to_owned(),
        };
        format!(
            "fetch the packages {SOURCES} and {LIBC} (46 MB) from {} by apt, install neither, {kept}",
            self.mirror
        )
    }

    /// The inner error says why the packages could not be had.
    pub(super) fn fetch(
        &self,
        rustc: &Rustc,
        stage: &Stage,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Result<Unpacked, String>, SetupError> {
        let release = rustc.release();
        let library = Path::new("usr/src").join(format!("rustc-{release}")).join("library");
        let libc = PathBuf::from("usr/lib/wasm32-wasip2");
        let sources = Wanted {
            name: SOURCES,
            suites: &SUITES_OF_SOURCES,
            fits: &|version| upstream_is(version, release),
            holds: vec![library.join("sysroot/Cargo.toml")],
        };
        let wasi_libc = Wanted {
            name: LIBC,
            suites: &SUITES_OF_LIBC,
            fits: &|_| true,
            holds: WASI_LIBC.map(|file| libc.join(file)).to_vec(),
        };
        let mut unpacked = Vec::new();
        for wanted in [sources, wasi_libc] {
            match self.package(rustc, &wanted, stage, progress)? {
                Ok(folder) => unpacked.push(folder),
                Err(why) => return Ok(Err(why)),
            }
        }
        Ok(Ok(Unpacked { library: unpacked[0].join(library), libc: unpacked[1].join(libc) }))
    }

    /// The folder that the package was unpacked into.
    fn package(
        &self,
        rustc: &Rustc,
        wanted: &Wanted<'_>,
        stage: &Stage,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Result<PathBuf, String>, SetupError> {
        let kept = self.cache.as_ref().map(|cache| cache.join(format!("{}.deb", wanted.name)));
        if let Some(kept) = kept.as_ref().filter(|path| path.is_file()) {
            progress(Progress::Step(format!("unpacking {}, downloaded before", wanted.name)));
            match self.unpack(rustc, wanted, kept, stage)? {
                Ok(folder) => return Ok(Ok(folder)),
                // Spoilt, or of another age: fetch it anew.
                Err(_) => {
                    fs::remove_file(kept).map_err(SetupError::files("remove", kept))?;
                }
            }
        }
        let mut reasons = Vec::new();
        for suite in wanted.suites {
            let package = match self.download(rustc, wanted, suite, stage, progress)? {
                Ok(package) => package,
                Err(why) => {
                    reasons.push(format!("{suite}: {why}"));
                    continue;
                }
            };
            match self.unpack(rustc, wanted, &package, stage)? {
                Ok(folder) => {
                    if let Some(kept) = &kept {
                        keep(&package, kept)?;
                    }
                    return Ok(Ok(folder));
                }
                Err(why) => reasons.push(format!("{suite}: {why}")),
            }
        }
        Ok(Err(format!("no fitting package {} ({})", wanted.name, reasons.join("; "))))
    }

    fn download(
        &self,
        rustc: &Rustc,
        wanted: &Wanted<'_>,
        suite: &str,
        stage: &Stage,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Result<PathBuf, String>, SetupError> {
        let base = stage.folder(&format!("apt-{suite}"))?;
        for folder in ["lists/partial", "cache/archives/partial"] {
            stage.folder(&format!("apt-{suite}/{folder}"))?;
        }
        let list = base.join("sources.list");
        let line = format!("deb [signed-by={}] {} {suite} main\n", self.keyring.display(), self.mirror);
        fs::write(&list, line).map_err(SetupError::files("write", &list))?;
        let apt = |program: &Path| {
            let mut process =
                Process::new(rustc.environment(), program, &base).var("LC_ALL", "C").patience(PATIENCE);
            for setting in [
                option("Dir::Etc::sourcelist", &list),
                option("Dir::Etc::sourceparts", "-"),
                option("Dir::State::lists", base.join("lists")),
                option("Dir::Cache", base.join("cache")),
                option("Acquire::Languages", "none"),
                option("Acquire::Retries", "2"),
                // The stage belongs to the user who runs this, not to apt's own.
                option("APT::Sandbox::User", "root"),
            ] {
                process = process.arg("-o").arg(setting);
            }
            process
        };

        progress(Progress::Step(format!("looking for {} in {suite}", wanted.name)));
        let mut show = |line: &str| progress(Progress::Output(line.to_owned()));
        // A second package of the same suite finds the lists there.
        if !base.join("updated").exists() {
            if let Err(error) = apt(&self.apt_get).arg("update").run(&mut show) {
                return Ok(Err(error.in_one_line()));
            }
            fs::write(base.join("updated"), "").map_err(SetupError::files("write", &base))?;
        }
        let listing = match apt(&self.apt_cache).args(["madison", wanted.name]).capture() {
            Ok(listing) => listing,
            Err(error) => return Ok(Err(error.in_one_line())),
        };
        let versions: Vec<&str> = versions(&listing).collect();
        let Some(version) = versions.iter().find(|version| (wanted.fits)(version)) else {
            return Ok(Err(match versions.as_slice() {
                [] => "it is not there".to_owned(),
                others => format!("only {}", others.join(", ")),
            }));
        };
        let folder = stage.folder(&format!("apt-{suite}/{}", wanted.name))?;
        progress(Progress::Step(format!("downloading {} {version}", wanted.name)));
        let mut show = |line: &str| progress(Progress::Output(line.to_owned()));
        let download = apt(&self.apt_get)
            .in_dir(&folder)
            .watching(Some(folder.clone()))
            .arg("download")
            .arg(format!("{}={version}", wanted.name));
        if let Err(error) = download.run(&mut show) {
            return Ok(Err(error.in_one_line()));
        }
        let found = folder
            .read_dir()
            .map_err(SetupError::files("read", &folder))?
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|extension| extension == "deb"));
        Ok(found.ok_or_else(|| "apt downloaded nothing".to_owned()))
    }

    fn unpack(
        &self,
        rustc: &Rustc,
        wanted: &Wanted<'_>,
        package: &Path,
        stage: &Stage,
    ) -> Result<Result<PathBuf, String>, SetupError> {
        let folder = stage.folder(&format!("unpacked-{}", wanted.name))?;
        let unpacked = Process::new(rustc.environment(), &self.dpkg, rustc.dir())
            .patience(PATIENCE)
            .arg("-x")
            .arg(package)
            .arg(&folder)
            .run(&mut |_| ());
        if let Err(error) = unpacked {
            return Ok(Err(error.in_one_line()));
        }
        Ok(match wanted.holds.iter().find(|path| !folder.join(path).is_file()) {
            None => Ok(folder),
            Some(missing) => Err(format!("it has no {}", missing.display())),
        })
    }
}

/// Copies the package into the cache, whole or not at all.
fn keep(package: &Path, kept: &Path) -> Result<(), SetupError> {
    let folder = kept.parent().unwrap_or(kept);
    fs::create_dir_all(folder).map_err(SetupError::files("create", folder))?;
    let copy = tempfile::NamedTempFile::new_in(folder).map_err(SetupError::files("write to", folder))?;
    fs::copy(package, copy.path()).map_err(SetupError::files("write to", folder))?;
    copy.persist(kept).map_err(|error| SetupError::files("write", kept)(error.error)).map(drop)
}

/// `1.95.0`, not `1.97.0-nightly`.
fn is_release(release: &str) -> bool {
    release.split('.').count() == 3 && release.split('.').all(|number| number.parse::<u32>().is_ok())
}

/// Whether Debian's version, such as `1.95.0+dfsg1-2~bpo13+1`, is a packaging of that release.
fn upstream_is(version: &str, release: &str) -> bool {
    version
        .strip_prefix(release)
        .is_some_and(|rest| rest.starts_with(['+', '-', '~']) && !rest.starts_with("~beta"))
}

/// The versions that `apt-cache madison` lists: the second of its columns.
fn versions(listing: &str) -> impl Iterator<Item = &str> {
    listing.lines().filter_map(|line| line.split('|').nth(1)).map(str::trim)
}

/// From lines `LABEL|URI`, the main archive of Debian. On a machine whose lists were never
/// updated, apt leaves the label as it stands in the format.
fn mirror(targets: &str) -> Option<&str> {
    let lines: Vec<(&str, &str)> = targets.lines().filter_map(|line| line.split_once('|')).collect();
    let labelled = lines.iter().find(|(label, _)| *label == "Debian");
    let by_name = || {
        lines
            .iter()
            .find(|(label, uri)| label.starts_with('$') && uri.trim_end_matches('/').ends_with("/debian"))
    };
    labelled.or_else(by_name).map(|(_, uri)| uri.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packaged_version_is_that_of_the_compiler_or_not() {
        assert!(upstream_is("1.95.0+dfsg1-2~bpo13+1", "1.95.0"));
        assert!(upstream_is("1.95.0-1", "1.95.0"));
        assert!(!upstream_is("1.95.0~beta.3+dfsg1-1", "1.95.0"));
        assert!(!upstream_is("1.95.01", "1.95.0"));
        assert!(!upstream_is("1.96.1+dfsg1-2", "1.95.0"));
    }

    #[test]
    fn only_releases_are_packaged() {
        assert!(is_release("1.95.0"));
        assert!(!is_release("1.97.0-nightly"));
        assert!(!is_release("1.96.0-beta.2"));
    }

    #[test]
    fn the_mirror_is_the_main_archive_of_debian() {
        let configured = "Debian-Security|http://mirror.example/debian-security/\n\
                          Debian|http://mirror.example/debian/\n";
        assert_eq!(mirror(configured), Some("http://mirror.example/debian/"));
        let never_updated = "$(LABEL)|http://mirror.example/debian-security/\n\
                             $(LABEL)|http://mirror.example/debian/\n";
        assert_eq!(mirror(never_updated), Some("http://mirror.example/debian/"));
        assert_eq!(mirror("Ubuntu|http://mirror.example/ubuntu/\n"), None);
        assert_eq!(mirror(""), None);
    }

    #[test]
    fn versions_are_the_second_column() {
        let listing = "  rust-src | 1.96.1+dfsg1-2 | http://mirror.example/debian sid/main\n  \
                       rust-src | 1.95.0+dfsg1-2 | http://mirror.example/debian sid/main\n";
        assert_eq!(versions(listing).collect::<Vec<_>>(), ["1.96.1+dfsg1-2", "1.95.0+dfsg1-2"]);
    }
}
