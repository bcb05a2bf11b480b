//! Where a policy begins.

use std::time::Duration;

use crate::grant::{FsAccess, FsGrant};
use crate::grants::Grants;
use crate::limits::LimitsPatch;

const MIB: u64 = 1 << 20;

/// Grants and limits to begin with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Preset {
    /// Nothing that must be asked for; 32 MiB, 30 seconds.
    #[default]
    Restricted,
    /// The folder `data` to read at `/data`, the folder `scratch` to write at `/scratch`, the
    /// variable `PLUGIN_MODE`; 64 MiB, 60 seconds.
    Standard,
}

impl Preset {
    pub(crate) const NAMES: [(&str, Preset); 2] =
        [("restricted", Preset::Restricted), ("standard", Preset::Standard)];

    /// Its grants.
    #[must_use]
    pub fn grants(self) -> Grants {
        match self {
            Preset::Restricted => Grants::restricted(),
            Preset::Standard => Grants::with_folders(
                FsGrant::fixed(FsAccess::Read, "data", "/data"),
                FsGrant::fixed(FsAccess::Write, "scratch", "/scratch"),
            ),
        }
    }

    /// Its limits.
    #[must_use]
    pub fn limits(self) -> LimitsPatch {
        let (memory, deadline) = match self {
            Preset::Restricted => (32 * MIB, 30),
            Preset::Standard => (64 * MIB, 60),
        };
        LimitsPatch {
            memory: Some(memory),
            deadline: Some(Duration::from_secs(deadline)),
            ..LimitsPatch::default()
        }
    }
}
