//! What plugins are linked to, for each kind of engine.

use std::fmt;
use std::sync::OnceLock;

use wasmtime::component::{Component, InstancePre, Linker};

use crate::capability::State;
use crate::engine::Engine;

/// Adds all that plugins may import.
type Link<A> = Box<dyn Fn(&mut Linker<State<A>>) -> wasmtime::Result<()> + Send + Sync>;

/// A linker for each kind of engine. That of the full one is made when the first plugin needs it.
pub(crate) struct Linkers<A: 'static> {
    lean: Linker<State<A>>,
    full: OnceLock<Linker<State<A>>>,
    link: Link<A>,
}

impl<A: Send + 'static> Linkers<A> {
    pub(crate) fn new(
        engine: &Engine,
        link: impl Fn(&mut Linker<State<A>>) -> wasmtime::Result<()> + Send + Sync + 'static,
    ) -> wasmtime::Result<Linkers<A>> {
        let mut lean = Linker::new(engine.wasmtime());
        link(&mut lean)?;
        Ok(Linkers { lean, full: OnceLock::new(), link: Box::new(link) })
    }

    pub(crate) fn instantiate_pre(&self, component: &Component) -> wasmtime::Result<InstancePre<State<A>>> {
        self.of(component.engine())?.instantiate_pre(component)
    }

    fn of(&self, engine: &wasmtime::Engine) -> wasmtime::Result<&Linker<State<A>>> {
        if wasmtime::Engine::same(engine, self.lean.engine()) {
            return Ok(&self.lean);
        }
        if let Some(full) = self.full.get() {
            return Ok(full);
        }
        let mut made = Linker::new(engine);
        (self.link)(&mut made)?;
        // somebody else may have been quicker
        Ok(self.full.get_or_init(|| made))
    }
}

impl<A> fmt::Debug for Linkers<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Linkers").field("has_full", &self.full.get().is_some()).finish_non_exhaustive()
    }
}
