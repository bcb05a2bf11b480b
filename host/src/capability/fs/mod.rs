//! Folders of the host.

mod descriptor;
mod folder;
mod open_file;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime_wasi::filesystem::{WasiFilesystemCtx, WasiFilesystemCtxView};
use wasmtime_wasi::p2::bindings::filesystem;

use super::definition::{Capability, InstanceContext, PluginContext};
use super::permit::Permit;
use super::state::State;
use crate::error::ConfigureError;
use open_file::OpenFile;

/// `fs:read` and `fs:write`: granted folders, each at a path of the plugin's own.
///
/// wasmtime-wasi keeps paths below the folder that they begin at, symbolic links included. What is
/// added here: folders are opened once for a plugin, what is open is counted, only files and folders
/// can be opened, denials are told, and nothing works any more when a folder was revoked.
#[derive(Debug)]
pub(crate) struct FsCapability;

/// The open folders of a plugin.
#[derive(Clone)]
pub(crate) struct FsPlugin {
    context: WasiFilesystemCtx,
    /// As many descriptors may be open in an instance.
    most: usize,
}

/// What an instance has open.
pub(crate) struct FsInstance {
    context: WasiFilesystemCtx,
    permit: Permit,
    most: usize,
    /// The files and folders of open descriptors.
    open: HashMap<u32, Arc<OpenFile>>,
    /// The folders that are being listed, each by a stream that holds all of its names.
    listed: HashMap<u32, Arc<OpenFile>>,
    /// How many are open, be it by a stream only.
    count: Arc<AtomicUsize>,
    /// Whether the operator was told that there may be no more.
    told_full: bool,
}

/// The file system as one call of the plugin sees it.
pub(super) struct FsView<'a> {
    own: &'a mut FsInstance,
    table: &'a mut ResourceTable,
}

struct HasFs;

impl HasData for HasFs {
    type Data<'a> = FsView<'a>;
}

impl Capability for FsCapability {
    const NAME: &'static str = "fs";
    const INTERFACES: &'static [&'static str] =
        &["wasi:filesystem/types@0.2", "wasi:filesystem/preopens@0.2"];
    type Plugin = FsPlugin;
    type Instance = FsInstance;

    fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        filesystem::types::add_to_linker::<_, HasFs>(linker, view)?;
        filesystem::preopens::add_to_linker::<_, HasFs>(linker, view)
    }

    fn configure(&self, plugin: &PluginContext<'_>) -> Result<FsPlugin, ConfigureError> {
        let context = folder::open_all(plugin.effective.fs.preopens())?;
        Ok(FsPlugin { context, most: plugin.limits().files })
    }

    fn instantiate(plugin: &FsPlugin, instance: &mut InstanceContext<'_>) -> FsInstance {
        FsInstance {
            context: plugin.context.clone(),
            permit: instance.permit.clone(),
            most: plugin.most,
            open: HashMap::new(),
            listed: HashMap::new(),
            count: Arc::default(),
            told_full: false,
        }
    }
}

fn view<A: Send + 'static>(state: &mut State<A>) -> FsView<'_> {
    let (own, table) = state.parts();
    FsView { own: &mut own.fs, table }
}

impl FsView<'_> {
    /// wasmtime-wasi's own implementation.
    fn inner(&mut self) -> WasiFilesystemCtxView<'_> {
        WasiFilesystemCtxView { ctx: &mut self.own.context, table: self.table }
    }
}
