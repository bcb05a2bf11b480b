//! `wasi:filesystem`, with the operator's eyes on it.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use plug_policy::{Capability as Name, FsAccess, Preopen};
use wasmtime::component::Resource;
use wasmtime_wasi::filesystem::Descriptor;
use wasmtime_wasi::p2::bindings::filesystem::preopens;
use wasmtime_wasi::p2::bindings::filesystem::types::{
    Advice, DescriptorFlags, DescriptorStat, DescriptorType, DirectoryEntry, DirectoryEntryStream, ErrorCode,
    Filesize, Host, HostDescriptor, HostDirectoryEntryStream, MetadataHashValue, NewTimestamp, OpenFlags,
    PathFlags,
};
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, FsError, FsResult};

use super::FsView;
use super::open_file::{FileStream, OpenFile};

type Fd = Resource<Descriptor>;

/// As many listings of folders may be open at once: each holds all names of its folder.
const LISTINGS: usize = 16;

impl FsView<'_> {
    /// Whether the instance may still use what it has open.
    fn alive(&self) -> FsResult<()> {
        if self.own.permit.is_ended() { Err(ErrorCode::Access.into()) } else { Ok(()) }
    }

    /// Where a path leads, as the plugin sees it, links aside.
    fn path(&self, fd: u32, relative: &str) -> String {
        let base = self.own.open.get(&fd).map_or("/", |file| file.path());
        let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
        if relative.starts_with('/') {
            parts.clear();
        }
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        format!("/{}", parts.join("/"))
    }

    /// Tells the operator of what was denied; other failures are the plugin's own business, those of
    /// the system's own permissions included.
    fn told<T>(&self, outcome: FsResult<T>, fd: u32, path: &str, access: FsAccess) -> FsResult<T> {
        let Err(error) = outcome else { return outcome };
        if matches!(error.downcast_ref(), Some(ErrorCode::NotPermitted)) {
            self.denied(&self.path(fd, path), access);
        }
        Err(error)
    }

    /// The granted folder in which a path lies.
    fn folder_of(&self, path: &str) -> Option<&Preopen> {
        let folders = self.own.permit.born().fs.preopens().iter();
        let above = folders.filter(|folder| is_below(path, folder.guest.as_str()));
        above.max_by_key(|folder| folder.guest.as_str().len())
    }

    fn denied(&self, path: &str, access: FsAccess) {
        let denied = match self.folder_of(path) {
            // one line for the whole folder, if it is one that the plugin sees already
            Some(folder) if folder.access < access => folder.guest.to_string(),
            // no grant can allow it: a link leads elsewhere
            Some(folder) => format!("{path} -> not within {}", folder.guest),
            None => path.to_owned(),
        };
        let capability = match access {
            FsAccess::Read => Name::FsRead,
            FsAccess::Write => Name::FsWrite,
        };
        self.own.permit.deny(capability, &denied);
    }

    /// The same for what changes two places: told of the one that may not be changed.
    fn wrote_both(&self, outcome: FsResult<()>, one: (u32, &str), other: (u32, &str)) -> FsResult<()> {
        let Err(error) = outcome else { return outcome };
        if matches!(error.downcast_ref(), Some(ErrorCode::NotPermitted)) {
            let paths = [self.path(one.0, one.1), self.path(other.0, other.1)];
            let granted =
                |path: &String| self.folder_of(path).is_some_and(|folder| folder.access == FsAccess::Write);
            let both = paths.iter().all(granted);
            for path in paths.iter().filter(|path| both || !granted(path)) {
                self.denied(path, FsAccess::Write);
            }
        }
        Err(error)
    }

    /// Whether one more may be opened.
    fn has_room(&mut self) -> FsResult<()> {
        if self.own.count.load(Relaxed) < self.own.most {
            return Ok(());
        }
        if !std::mem::replace(&mut self.own.told_full, true) {
            let plugin = self.own.permit.plugin();
            tracing::warn!(plugin, "has {} files open, and may have no more", self.own.most);
        }
        Err(ErrorCode::Quota.into())
    }

    /// Only files and folders can be opened. To open a pipe can take for ever, and on a thread that
    /// nothing can stop.
    async fn is_file_or_folder(&mut self, fd: u32, flags: PathFlags, path: &str) -> FsResult<()> {
        let found = self.inner().stat_at(Resource::new_borrow(fd), flags, path.to_owned()).await;
        match found.map(|found| found.type_) {
            // one that is not there may be made; whatever else is wrong, opening it fails too
            Err(_) => Ok(()),
            Ok(DescriptorType::RegularFile | DescriptorType::Directory | DescriptorType::SymbolicLink) => {
                Ok(())
            }
            Ok(_) => Err(ErrorCode::Unsupported.into()),
        }
    }

    fn reader(&mut self, fd: u32, stream: Resource<DynInputStream>) -> FsResult<Resource<DynInputStream>> {
        let stream = self.table.delete(stream)?;
        let file = self.own.open.get(&fd).cloned();
        let stream: DynInputStream = Box::new(FileStream::new(stream, self.own.permit.clone(), file));
        Ok(self.table.push(stream)?)
    }

    fn writer(&mut self, fd: u32, stream: Resource<DynOutputStream>) -> FsResult<Resource<DynOutputStream>> {
        let stream = self.table.delete(stream)?;
        let file = self.own.open.get(&fd).cloned();
        let stream: DynOutputStream = Box::new(FileStream::new(stream, self.own.permit.clone(), file));
        Ok(self.table.push(stream)?)
    }

    fn wrote<T>(&self, outcome: FsResult<T>, fd: u32, path: &str) -> FsResult<T> {
        self.told(outcome, fd, path, FsAccess::Write)
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl preopens::Host for FsView<'_> {
    fn get_directories(&mut self) -> wasmtime::Result<Vec<(Fd, String)>> {
        if self.own.permit.is_ended() {
            return Ok(Vec::new());
        }
        let folders = self.inner().get_directories()?;
        for (fd, path) in &folders {
            let file = OpenFile::new(path.as_str().into(), &self.own.count);
            self.own.open.insert(fd.rep(), file);
        }
        Ok(folders)
    }
}

impl Host for FsView<'_> {
    fn convert_error_code(&mut self, error: FsError) -> wasmtime::Result<ErrorCode> {
        self.inner().convert_error_code(error)
    }

    fn filesystem_error_code(
        &mut self,
        error: Resource<wasmtime::Error>,
    ) -> wasmtime::Result<Option<ErrorCode>> {
        Host::filesystem_error_code(&mut self.inner(), error)
    }
}

impl HostDescriptor for FsView<'_> {
    fn read_via_stream(&mut self, fd: Fd, offset: Filesize) -> FsResult<Resource<DynInputStream>> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().read_via_stream(fd, offset);
        let stream = self.told(outcome, rep, "", FsAccess::Read)?;
        self.reader(rep, stream)
    }

    fn write_via_stream(&mut self, fd: Fd, offset: Filesize) -> FsResult<Resource<DynOutputStream>> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().write_via_stream(fd, offset);
        let stream = self.wrote(outcome, rep, "")?;
        self.writer(rep, stream)
    }

    fn append_via_stream(&mut self, fd: Fd) -> FsResult<Resource<DynOutputStream>> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().append_via_stream(fd);
        let stream = self.wrote(outcome, rep, "")?;
        self.writer(rep, stream)
    }

    async fn advise(&mut self, fd: Fd, offset: Filesize, len: Filesize, advice: Advice) -> FsResult<()> {
        self.alive()?;
        self.inner().advise(fd, offset, len, advice).await
    }

    async fn sync_data(&mut self, fd: Fd) -> FsResult<()> {
        self.alive()?;
        self.inner().sync_data(fd).await
    }

    async fn get_flags(&mut self, fd: Fd) -> FsResult<DescriptorFlags> {
        self.inner().get_flags(fd).await
    }

    async fn get_type(&mut self, fd: Fd) -> FsResult<DescriptorType> {
        self.inner().get_type(fd).await
    }

    async fn set_size(&mut self, fd: Fd, size: Filesize) -> FsResult<()> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().set_size(fd, size).await;
        self.wrote(outcome, rep, "")
    }

    async fn set_times(&mut self, fd: Fd, access: NewTimestamp, modified: NewTimestamp) -> FsResult<()> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().set_times(fd, access, modified).await;
        self.wrote(outcome, rep, "")
    }

    async fn read(&mut self, fd: Fd, len: Filesize, offset: Filesize) -> FsResult<(Vec<u8>, bool)> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().read(fd, len, offset).await;
        self.told(outcome, rep, "", FsAccess::Read)
    }

    async fn write(&mut self, fd: Fd, bytes: Vec<u8>, offset: Filesize) -> FsResult<Filesize> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().write(fd, bytes, offset).await;
        self.wrote(outcome, rep, "")
    }

    async fn read_directory(&mut self, fd: Fd) -> FsResult<Resource<DirectoryEntryStream>> {
        self.alive()?;
        self.has_room()?;
        if self.own.listed.len() >= LISTINGS {
            return Err(ErrorCode::Quota.into());
        }
        let rep = fd.rep();
        let outcome = self.inner().read_directory(fd).await;
        let stream = self.told(outcome, rep, "", FsAccess::Read)?;
        let folder = OpenFile::new(self.path(rep, "").into(), &self.own.count);
        self.own.listed.insert(stream.rep(), folder);
        Ok(stream)
    }

    async fn sync(&mut self, fd: Fd) -> FsResult<()> {
        self.alive()?;
        self.inner().sync(fd).await
    }

    async fn create_directory_at(&mut self, fd: Fd, path: String) -> FsResult<()> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().create_directory_at(fd, path.clone()).await;
        self.wrote(outcome, rep, &path)
    }

    async fn stat(&mut self, fd: Fd) -> FsResult<DescriptorStat> {
        self.alive()?;
        self.inner().stat(fd).await
    }

    async fn stat_at(&mut self, fd: Fd, flags: PathFlags, path: String) -> FsResult<DescriptorStat> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().stat_at(fd, flags, path.clone()).await;
        self.told(outcome, rep, &path, FsAccess::Read)
    }

    async fn set_times_at(
        &mut self,
        fd: Fd,
        flags: PathFlags,
        path: String,
        access: NewTimestamp,
        modified: NewTimestamp,
    ) -> FsResult<()> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().set_times_at(fd, flags, path.clone(), access, modified).await;
        self.wrote(outcome, rep, &path)
    }

    async fn link_at(
        &mut self,
        fd: Fd,
        flags: PathFlags,
        old: String,
        new_fd: Fd,
        new: String,
    ) -> FsResult<()> {
        self.alive()?;
        let (rep, new_rep) = (fd.rep(), new_fd.rep());
        let outcome = self.inner().link_at(fd, flags, old.clone(), new_fd, new.clone()).await;
        self.wrote_both(outcome, (rep, &old), (new_rep, &new))
    }

    async fn open_at(
        &mut self,
        fd: Fd,
        path_flags: PathFlags,
        path: String,
        open_flags: OpenFlags,
        flags: DescriptorFlags,
    ) -> FsResult<Fd> {
        self.alive()?;
        self.has_room()?;
        let rep = fd.rep();
        self.is_file_or_folder(rep, path_flags, &path).await?;
        let writes = flags.intersects(DescriptorFlags::WRITE | DescriptorFlags::MUTATE_DIRECTORY)
            || open_flags.intersects(OpenFlags::CREATE | OpenFlags::TRUNCATE);
        let outcome = self.inner().open_at(fd, path_flags, path.clone(), open_flags, flags).await;
        let access = if writes { FsAccess::Write } else { FsAccess::Read };
        let opened = self.told(outcome, rep, &path, access)?;
        let path: Arc<str> = self.path(rep, &path).into();
        let file = OpenFile::new(path, &self.own.count);
        self.own.open.insert(opened.rep(), file);
        Ok(opened)
    }

    async fn readlink_at(&mut self, fd: Fd, path: String) -> FsResult<String> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().readlink_at(fd, path.clone()).await;
        self.told(outcome, rep, &path, FsAccess::Read)
    }

    async fn remove_directory_at(&mut self, fd: Fd, path: String) -> FsResult<()> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().remove_directory_at(fd, path.clone()).await;
        self.wrote(outcome, rep, &path)
    }

    async fn rename_at(&mut self, fd: Fd, old: String, new_fd: Fd, new: String) -> FsResult<()> {
        self.alive()?;
        let (rep, new_rep) = (fd.rep(), new_fd.rep());
        let outcome = self.inner().rename_at(fd, old.clone(), new_fd, new.clone()).await;
        self.wrote_both(outcome, (rep, &old), (new_rep, &new))
    }

    async fn symlink_at(&mut self, fd: Fd, old: String, new: String) -> FsResult<()> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().symlink_at(fd, old, new.clone()).await;
        self.wrote(outcome, rep, &new)
    }

    async fn unlink_file_at(&mut self, fd: Fd, path: String) -> FsResult<()> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().unlink_file_at(fd, path.clone()).await;
        self.wrote(outcome, rep, &path)
    }

    async fn is_same_object(&mut self, a: Fd, b: Fd) -> wasmtime::Result<bool> {
        self.inner().is_same_object(a, b).await
    }

    async fn metadata_hash(&mut self, fd: Fd) -> FsResult<MetadataHashValue> {
        self.alive()?;
        self.inner().metadata_hash(fd).await
    }

    async fn metadata_hash_at(
        &mut self,
        fd: Fd,
        flags: PathFlags,
        path: String,
    ) -> FsResult<MetadataHashValue> {
        self.alive()?;
        let rep = fd.rep();
        let outcome = self.inner().metadata_hash_at(fd, flags, path.clone()).await;
        self.told(outcome, rep, &path, FsAccess::Read)
    }

    fn drop(&mut self, fd: Fd) -> wasmtime::Result<()> {
        self.own.open.remove(&fd.rep());
        HostDescriptor::drop(&mut self.inner(), fd)
    }
}

impl HostDirectoryEntryStream for FsView<'_> {
    async fn read_directory_entry(
        &mut self,
        stream: Resource<DirectoryEntryStream>,
    ) -> FsResult<Option<DirectoryEntry>> {
        self.alive()?;
        self.inner().read_directory_entry(stream).await
    }

    fn drop(&mut self, stream: Resource<DirectoryEntryStream>) -> wasmtime::Result<()> {
        self.own.listed.remove(&stream.rep());
        HostDirectoryEntryStream::drop(&mut self.inner(), stream)
    }
}
