//! What loading a plugin may cost.

use std::time::Duration;

/// What an artifact may be, and how long it may take to compile: whoever made it chose its size, and what
/// is in it.
///
/// All but the two times are checked before anything is compiled, by reading the bytes once. They bound
/// what a component is made of, and so keep most bombs out at once; what is small and yet takes
/// long to compile meets the time.
///
/// ```
/// use std::time::Duration;
/// use plug_host::{Engine, LoadLimits};
///
/// let limits = LoadLimits::default().functions(10_000).compile(Duration::from_secs(5));
/// let engine = Engine::builder().load_limits(limits).build()?;
/// # Ok::<(), plug_host::EngineError>(())
/// ```
///
/// They are an engine's and not a plugin's, since all plugins of an engine are compiled in the same places:
/// as many at a time as there are cores.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadLimits {
    /// Bytes of the whole artifact. 64 MiB: a Python guest with its interpreter has 18 MB.
    pub artifact: usize,
    /// Bytes of the code of all its functions. 32 MiB.
    pub code: usize,
    /// Functions that it defines, in all its core modules. 100,000.
    pub functions: usize,
    /// Bytes of the code of one function. 1 MiB.
    pub function: usize,
    /// Local variables of one function, without its parameters. 10,000.
    pub locals: usize,
    /// Blocks within blocks in one function. 2,000.
    pub nesting: usize,
    /// How entangled its control flow is, which is what compiling takes most time for. For each function: its
    /// blocks, a loop counting as four and more within other loops, times the same number plus eight times its locals; added up
    /// over all functions. 2,000,000,000: one function with 40,000 blocks, or a hundred thousand with 100.
    pub control: usize,
    /// Types, imports, exports, instances, aliases, tables, globals and segments, all together. Those of a
    /// component that is instantiated within count once for each instance. 200,000.
    pub items: usize,
    /// Components within components, and modules in them. 32.
    pub depth: usize,
    /// Time that compiling may take. 30 seconds.
    ///
    /// Then the load fails. Compiling itself cannot be stopped: it goes on in a thread of its own, and
    /// keeps its place until it ends.
    pub compile: Duration,
    /// Time that a load may wait for a place to be judged or compiled in. 2 minutes.
    pub wait: Duration,
}

impl Default for LoadLimits {
    fn default() -> Self {
        LoadLimits {
            artifact: 64 << 20,
            code: 32 << 20,
            functions: 100_000,
            function: 1 << 20,
            locals: 10_000,
            nesting: 2_000,
            control: 2_000_000_000,
            items: 200_000,
            depth: 32,
            compile: Duration::from_secs(30),
            wait: Duration::from_secs(120),
        }
    }
}

impl LoadLimits {
    /// Sets [`artifact`](LoadLimits#structfield.artifact).
    #[must_use]
    pub fn artifact(mut self, bytes: usize) -> Self {
        self.artifact = bytes;
        self
    }

    /// Sets [`code`](LoadLimits#structfield.code).
    #[must_use]
    pub fn code(mut self, bytes: usize) -> Self {
        self.code = bytes;
        self
    }

    /// Sets [`functions`](LoadLimits#structfield.functions).
    #[must_use]
    pub fn functions(mut self, functions: usize) -> Self {
        self.functions = functions;
        self
    }

    /// Sets [`function`](LoadLimits#structfield.function).
    #[must_use]
    pub fn function(mut self, bytes: usize) -> Self {
        self.function = bytes;
        self
    }

    /// Sets [`locals`](LoadLimits#structfield.locals).
    #[must_use]
    pub fn locals(mut self, locals: usize) -> Self {
        self.locals = locals;
        self
    }

    /// Sets [`nesting`](LoadLimits#structfield.nesting).
    #[must_use]
    pub fn nesting(mut self, blocks: usize) -> Self {
        self.nesting = blocks;
        self
    }

    /// Sets [`control`](LoadLimits#structfield.control).
    #[must_use]
    pub fn control(mut self, entanglement: usize) -> Self {
        self.control = entanglement;
        self
    }

    /// Sets [`items`](LoadLimits#structfield.items).
    #[must_use]
    pub fn items(mut self, items: usize) -> Self {
        self.items = items;
        self
    }

    /// Sets [`depth`](LoadLimits#structfield.depth).
    #[must_use]
    pub fn depth(mut self, levels: usize) -> Self {
        self.depth = levels;
        self
    }

    /// Sets [`compile`](LoadLimits#structfield.compile).
    #[must_use]
    pub fn compile(mut self, time: Duration) -> Self {
        self.compile = time;
        self
    }

    /// Sets [`wait`](LoadLimits#structfield.wait).
    #[must_use]
    pub fn wait(mut self, time: Duration) -> Self {
        self.wait = time;
        self
    }
}
