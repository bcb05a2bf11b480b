//! Name to plugin. Readers take a snapshot and never wait.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use super::PluginHandle;
use crate::world::World;

type Table<W> = BTreeMap<Arc<str>, PluginHandle<W>>;

/// The plugins of a host.
pub(crate) struct Registry<W: World> {
    table: ArcSwap<Table<W>>,
    /// Held while the table is changed; never by readers.
    writer: Mutex<()>,
}

impl<W: World> Registry<W> {
    pub(crate) fn new() -> Registry<W> {
        Registry { table: ArcSwap::from_pointee(BTreeMap::new()), writer: Mutex::new(()) }
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.table.load().contains_key(name)
    }

    pub(crate) fn get(&self, name: &str) -> Option<PluginHandle<W>> {
        self.table.load().get(name).cloned()
    }

    pub(crate) fn snapshot(&self) -> Arc<Table<W>> {
        self.table.load_full()
    }

    /// Gives the plugin back when there is one of that name.
    pub(crate) fn insert(&self, name: Arc<str>, plugin: PluginHandle<W>) -> Result<(), PluginHandle<W>> {
        self.change(|table| {
            if table.contains_key(&name) {
                return Err(plugin);
            }
            table.insert(name, plugin);
            Ok(())
        })
    }

    pub(crate) fn remove(&self, name: &str) -> Option<PluginHandle<W>> {
        self.change(|table| table.remove(name))
    }

    fn change<T>(&self, change: impl FnOnce(&mut Table<W>) -> T) -> T {
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut table = Table::clone(&self.table.load());
        let answer = change(&mut table);
        self.table.store(Arc::new(table));
        answer
    }
}
