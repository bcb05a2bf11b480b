//! Opening the folders that are granted.

use std::io;
use std::path::Path;

use plug_policy::{FsAccess, Preopen};
use wasmtime_wasi::filesystem::WasiFilesystemCtx;
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};

use crate::error::ConfigureError;

/// Opens each of the folders; they stay open whatever happens to their names.
pub(super) fn open_all(folders: &[Preopen]) -> Result<WasiFilesystemCtx, ConfigureError> {
    let mut builder = WasiCtxBuilder::new();
    for folder in folders {
        open(&mut builder, folder).map_err(|source| failed(folder, source))?;
    }
    Ok(std::mem::take(builder.build().filesystem()))
}

fn open(builder: &mut WasiCtxBuilder, folder: &Preopen) -> io::Result<()> {
    let perms = match folder.access {
        FsAccess::Read => FsPerms::ReadOnly,
        FsAccess::Write => FsPerms::ReadWrite,
    };
    let open = |builder: &mut WasiCtxBuilder, path: &Path| {
        let opened = builder.preopened_dir(path, folder.guest.as_str(), perms);
        opened.map(|_| ()).map_err(|error| error.downcast().unwrap_or_else(io::Error::other))
    };
    if folder.beneath.is_empty() {
        return open(builder, &folder.host);
    }
    beneath::within(&folder.host, &folder.beneath, |path| open(builder, path))
}

fn failed(folder: &Preopen, source: io::Error) -> ConfigureError {
    let access = match folder.access {
        FsAccess::Read => "fs:read",
        FsAccess::Write => "fs:write",
    };
    let (what, help) = match source.kind() {
        io::ErrorKind::NotFound => ("there is no such folder", "make it, or correct the policy"),
        io::ErrorKind::PermissionDenied => {
            ("this process may not open it", "give the host's user the right to read it")
        }
        io::ErrorKind::NotADirectory if folder.beneath.is_empty() => {
            ("it is no folder", "name a folder in the policy")
        }
        io::ErrorKind::NotADirectory => (
            "a part of the way there is no folder, or a link, which is not followed",
            "grant the folder itself",
        ),
        _ => ("it cannot be opened", "look at the folder and the policy"),
    };
    ConfigureError::new(format!("{access}={folder}"), what, help).because(source)
}

/// The way from a granted folder to the part of it that is wanted.
#[cfg(target_os = "linux")]
mod beneath {
    use std::io;
    use std::os::fd::AsRawFd as _;
    use std::path::{Path, PathBuf};

    use rustix::fs::{Mode, OFlags, open, openat};

    /// Goes from `host` to `beneath` without following a link, as a plugin may have made it, and
    /// hands over a path that stands for the folder at the end.
    pub(super) fn within(
        host: &Path,
        beneath: &str,
        then: impl FnOnce(&Path) -> io::Result<()>,
    ) -> io::Result<()> {
        let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC;
        let mut folder = open(host, flags, Mode::empty())?;
        for name in beneath.split('/') {
            // a link is no directory, as it is not followed
            folder = openat(&folder, name, flags | OFlags::NOFOLLOW, Mode::empty())?;
        }
        then(&PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())))
    }
}

/// The way from a granted folder to the part of it that is wanted.
#[cfg(not(target_os = "linux"))]
mod beneath {
    use std::io;
    use std::path::Path;

    /// Other systems have no path that stands for an open folder.
    pub(super) fn within(_: &Path, _: &str, _: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
        let help = "a part of a granted folder can be given on Linux only; grant that part itself";
        Err(io::Error::new(io::ErrorKind::Unsupported, help))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use plug_policy::{Effective, Grants, WantScope, Wanted};

    use super::*;

    fn folders(grant: &str, want: &str) -> Vec<Preopen> {
        let mut grants = Grants::default();
        grants.allow(grant.parse().unwrap());
        let want: WantScope = want.parse().unwrap();
        let wants = [Wanted::new(want, "to test", true)];
        Effective::decide("x", &wants, &grants).unwrap().fs.preopens().to_vec()
    }

    #[test]
    fn errors_name_the_grant_and_the_mend() {
        let dir = tempfile::tempdir().unwrap();
        let there = dir.path().display().to_string();
        let missing = folders(&format!("fs:read={there}/none -> /data"), "fs:read=/data");
        let error = open_all(&missing).err().unwrap();
        assert!(error.to_string().contains("there is no such folder; make it"), "{error}");
        fs::write(dir.path().join("file"), "").unwrap();
        let file = folders(&format!("fs:read={there}/file -> /data"), "fs:read=/data");
        let error = open_all(&file).err().unwrap();
        assert!(error.to_string().contains("it is no folder"), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_way_beneath_follows_no_link() {
        let dir = tempfile::tempdir().unwrap();
        let there = dir.path().display().to_string();
        fs::create_dir_all(dir.path().join("granted/a/b")).unwrap();
        fs::create_dir(dir.path().join("outside")).unwrap();
        let grant = format!("fs:write={there}/granted -> /data");
        open_all(&folders(&grant, "fs:write=/data/a/b")).unwrap();
        for link in ["granted/link", "granted/a/link"] {
            std::os::unix::fs::symlink(dir.path().join("outside"), dir.path().join(link)).unwrap();
        }
        for beneath in ["/data/link", "/data/a/link", "/data/link/x"] {
            let error = open_all(&folders(&grant, &format!("fs:write={beneath}"))).err().unwrap();
            assert!(error.to_string().contains("or a link, which is not followed"), "{error}");
        }
    }
}
