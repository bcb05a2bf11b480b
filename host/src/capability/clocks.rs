//! The time.

use std::time::{Duration, Instant, SystemTime};

use plug_policy::Clocks;
use wasmtime::component::Linker;
use wasmtime_wasi::clocks::{WasiClocks, WasiClocksView as _};
use wasmtime_wasi::p2::bindings::clocks;
use wasmtime_wasi::{HostMonotonicClock, HostWallClock};

use super::definition::{Capability, InstanceContext, PluginContext};
use super::state::State;
use crate::error::ConfigureError;

/// What coarse clocks are rounded down to. Browsers round to 100 µs where contexts are not isolated
/// (W3C, High Resolution Time); this is a thousand times that.
const COARSE: Duration = Duration::from_millis(100);

/// `clocks`: those of the host, coarse ones, or such as stand still. Waiting takes its time with
/// all of them.
#[derive(Debug)]
pub(crate) struct ClocksCapability;

impl Capability for ClocksCapability {
    const NAME: &'static str = "clocks";
    const INTERFACES: &'static [&'static str] =
        &["wasi:clocks/wall-clock@0.2", "wasi:clocks/monotonic-clock@0.2"];
    type Plugin = Clocks;
    type Instance = ();

    fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        clocks::wall_clock::add_to_linker::<_, WasiClocks>(linker, State::clocks)?;
        clocks::monotonic_clock::add_to_linker::<_, WasiClocks>(linker, State::clocks)
    }

    fn configure(&self, plugin: &PluginContext<'_>) -> Result<Clocks, ConfigureError> {
        Ok(plugin.effective.clocks)
    }

    fn instantiate(clocks: &Clocks, instance: &mut InstanceContext<'_>) {
        match clocks {
            Clocks::Real => {}
            Clocks::Coarse => {
                instance.wasi.wall_clock(Coarse::now()).monotonic_clock(Coarse::now());
            }
            Clocks::Frozen => {
                instance.wasi.wall_clock(Frozen).monotonic_clock(Frozen);
            }
        }
    }
}

/// Clocks that tick seldom.
struct Coarse {
    begin: Instant,
}

impl Coarse {
    fn now() -> Coarse {
        Coarse { begin: Instant::now() }
    }
}

impl HostWallClock for Coarse {
    fn resolution(&self) -> Duration {
        COARSE
    }

    fn now(&self) -> Duration {
        rounded(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
    }
}

impl HostMonotonicClock for Coarse {
    fn resolution(&self) -> u64 {
        nanoseconds(COARSE)
    }

    fn now(&self) -> u64 {
        nanoseconds(rounded(self.begin.elapsed()))
    }
}

/// Clocks that stand still, at the beginning of 1970.
struct Frozen;

impl HostWallClock for Frozen {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

impl HostMonotonicClock for Frozen {
    fn resolution(&self) -> u64 {
        nanoseconds(Duration::from_secs(1))
    }

    fn now(&self) -> u64 {
        0
    }
}

fn rounded(time: Duration) -> Duration {
    let tick = COARSE.subsec_nanos();
    Duration::new(time.as_secs(), time.subsec_nanos() / tick * tick)
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coarse_time_is_rounded_down() {
        assert_eq!(rounded(Duration::from_millis(99)), Duration::ZERO);
        assert_eq!(rounded(Duration::from_millis(1299)), Duration::from_millis(1200));
        // today, in ticks since 1970
        let today = Duration::from_secs(1_795_000_000) + Duration::from_nanos(123_456_789);
        assert_eq!(rounded(today), Duration::from_secs(1_795_000_000) + COARSE);
    }
}
