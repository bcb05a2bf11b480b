//! Random numbers.

use plug_policy::Random;
use rand::SeedableRng as _;
use rand::rngs::ChaCha12Rng;
use wasmtime::component::{HasData, Linker};
use wasmtime_wasi::WasiView as _;
use wasmtime_wasi::p2::bindings::random;
use wasmtime_wasi::random::{WasiRandom, WasiRandomCtx};

use super::definition::{Capability, InstanceContext, PluginContext};
use super::state::State;
use super::violation::Violation;
use crate::error::ConfigureError;

/// As much as a guest may ask for at once.
const AT_ONCE: u64 = 1 << 20;

/// `random`: from the host, or the same numbers from a seed in every instance.
#[derive(Debug)]
pub(crate) struct RandomCapability;

impl Capability for RandomCapability {
    const NAME: &'static str = "random";
    const INTERFACES: &'static [&'static str] =
        &["wasi:random/random@0.2", "wasi:random/insecure@0.2", "wasi:random/insecure-seed@0.2"];
    type Plugin = Random;
    type Instance = ();

    fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        random::random::add_to_linker::<_, HasRandom>(linker, view)?;
        random::insecure::add_to_linker::<_, HasRandom>(linker, view)?;
        random::insecure_seed::add_to_linker::<_, WasiRandom>(linker, |state: &mut State<A>| {
            state.ctx().ctx.random()
        })
    }

    fn configure(&self, plugin: &PluginContext<'_>) -> Result<Random, ConfigureError> {
        Ok(plugin.effective.random)
    }

    fn instantiate(random: &Random, instance: &mut InstanceContext<'_>) {
        instance.wasi.max_random_size(AT_ONCE);
        if let Random::Seeded(seed) = *random {
            instance
                .wasi
                .secure_random(ChaCha12Rng::seed_from_u64(seed))
                .insecure_random(ChaCha12Rng::seed_from_u64(seed.wrapping_add(1)))
                .insecure_random_seed(seed.into());
        }
    }
}

/// The numbers of an instance. Who asks for too many at once breaks a rule, and is told apart from a
/// host that fails.
struct RandomView<'a>(&'a mut WasiRandomCtx);

struct HasRandom;

impl HasData for HasRandom {
    type Data<'a> = RandomView<'a>;
}

fn view<A: Send + 'static>(state: &mut State<A>) -> RandomView<'_> {
    RandomView(state.ctx().ctx.random())
}

fn check(len: u64) -> wasmtime::Result<()> {
    if len > AT_ONCE {
        return Err(wasmtime::Error::new(Violation(
            "it asked for more than a mebibyte of random bytes at once",
        )));
    }
    Ok(())
}

impl random::random::Host for RandomView<'_> {
    fn get_random_bytes(&mut self, len: u64) -> wasmtime::Result<Vec<u8>> {
        check(len)?;
        self.0.get_random_bytes(len)
    }

    fn get_random_u64(&mut self) -> wasmtime::Result<u64> {
        self.0.get_random_u64()
    }
}

impl random::insecure::Host for RandomView<'_> {
    fn get_insecure_random_bytes(&mut self, len: u64) -> wasmtime::Result<Vec<u8>> {
        check(len)?;
        self.0.get_insecure_random_bytes(len)
    }

    fn get_insecure_random_u64(&mut self) -> wasmtime::Result<u64> {
        self.0.get_insecure_random_u64()
    }
}
