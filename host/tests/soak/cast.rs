//! Who plays: the healthy plugins, and the hostile ones with what is known of them.

use plug_host::Artifact;

use crate::case::{Deed, Ends, Made};
use crate::families::families;
use crate::guest::{Guest, application, echo, process};

/// A plugin that answers what it is asked, each in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Healthy {
    /// At once.
    Echoes,
    /// After a nap in a function of the application.
    Naps,
    /// When it has logged and emitted something.
    Tells,
}

impl Healthy {
    pub const ALL: [Healthy; 3] = [Healthy::Echoes, Healthy::Naps, Healthy::Tells];

    fn guest(self) -> Guest {
        match self {
            Healthy::Echoes => echo(),
            Healthy::Naps => application(process("(call $wait (i32.const 5))")),
            Healthy::Tells => process(
                "(drop (call $log (i32.const 2) (i32.const 512) (i32.const 4)))
                 (drop (call $emit (i32.const 512) (i32.const 4) (i32.const 512) (i32.const 4)))",
            )
            .host_api()
            .wanting(["events:emit"]),
        }
    }
}

/// Answers `y` if its event is taken, and `n` if not.
fn emits() -> Guest {
    echo()
        .process("(call $reply (i32.add (i32.const 3072) (call $emit (i32.const 3072) (i32.const 2) (i32.const 0) (i32.const 0))) (i32.const 1))")
        .host_api()
        .item(r#"(data (i32.const 3072) "yn")"#)
        .wanting(["events:emit"])
}

/// A case of the hostile suite, with its component.
pub struct Hostile {
    pub family: &'static str,
    pub does: &'static str,
    pub bytes: Vec<u8>,
    pub deed: Deed,
    pub ends: Ends,
    pub code: Option<&'static str>,
}

/// All components, made once.
pub struct Cast {
    healthy: Vec<Artifact>,
    pub emits: Artifact,
    pub hostile: Vec<Hostile>,
}

impl Cast {
    pub fn new() -> Cast {
        let mut hostile = Vec::new();
        for (family, cases) in families() {
            // that one needs a host of its own, which has no patience
            let cases = cases.into_iter().filter(|case| !matches!(case.deed, Deed::LoadImpatiently));
            hostile.extend(cases.map(|case| Hostile {
                family,
                does: case.does,
                bytes: match case.made {
                    Made::Guest(guest) => guest.build(),
                    Made::Bytes(make) => make(),
                },
                deed: case.deed,
                ends: case.ends,
                code: case.code,
            }));
        }
        let healthy = Healthy::ALL.map(|healthy| healthy.guest().artifact()).into();
        Cast { healthy, emits: emits().artifact(), hostile }
    }

    pub fn healthy(&self, which: Healthy) -> Artifact {
        self.healthy[which as usize].clone()
    }
}
