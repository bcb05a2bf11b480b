//! The one seam between the host and an application's own contract.

use plug_contract::Contract;
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre, Linker};

use crate::capability::State;

/// A world of plugins: what the host has to know of an application's contract.
///
/// [`world!`](crate::world!) implements it for a type of its own; [`Standard`](crate::Standard) is
/// ready made. The functions follow the life of a component: linked once, prepared once for each
/// plugin, bound once for each instance.
pub trait World: Sized + Send + Sync + 'static {
    /// The application's own state, one value for each instance. It serves the world's own
    /// imports; `()` when there are none.
    type App: Send + 'static;

    /// Where the exports are in a component.
    type Indices: Send + Sync + 'static;

    /// The exports of an instance, typed: what the closures of calls get.
    type Bindings: Send + Sync + 'static;

    /// The world as a value.
    fn contract() -> &'static Contract;

    /// The imports that capabilities of the application serve, by their full names. A host is made only
    /// with capabilities that do.
    fn capabilities() -> &'static [&'static str] {
        &[]
    }

    /// Adds the application's own imports, without those that capabilities serve. `plug:plugin/host-api` and WASI are there already.
    ///
    /// # Errors
    /// When something of that name is already there.
    fn link(linker: &mut Linker<State<Self::App>>) -> wasmtime::Result<()>;

    /// Finds the exports in a linked component.
    ///
    /// # Errors
    /// When one is missing.
    fn prepare(pre: &InstancePre<State<Self::App>>) -> wasmtime::Result<Self::Indices>;

    /// Finds the exports in an instance.
    ///
    /// # Errors
    /// When one has another type.
    fn bind(
        indices: &Self::Indices,
        store: &mut Store<State<Self::App>>,
        instance: &Instance,
    ) -> wasmtime::Result<Self::Bindings>;
}
