//! The one engine.

use std::sync::LazyLock;

use wasmtime::{Config, Engine, OptLevel};

use crate::concurrent;

pub(crate) fn engine() -> &'static Engine {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
        let mut config = Config::new();
        config
            .wasm_component_model_map(true)
            .wasm_component_model_fixed_length_lists(true)
            // no function is ever called: what is compiled need not be good, nor memory large
            .cranelift_opt_level(OptLevel::None)
            .parallel_compilation(false)
            .memory_reservation(0)
            .memory_guard_size(0)
            .memory_init_cow(false);
        concurrent::configure(&mut config);
        Engine::new(&config).expect("a configuration for this machine")
    });
    &ENGINE
}
