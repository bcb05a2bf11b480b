//! What can go wrong, each operation with a type of its own.

mod backtrace;
mod call;
mod excess;
mod guest;
mod host;
mod identity;
mod load;
mod trap;
mod withheld;

pub use backtrace::{Backtrace, Frame};
pub use call::CallError;
pub use excess::{Excess, Measure};
pub use guest::GuestError;
pub use host::HostError;
pub(crate) use host::HostErrorKind;
pub(crate) use identity::Identity;
pub use load::{Cause, LoadError, ShutdownError, UnloadError};
pub use trap::{TrapError, TrapKind};
pub use withheld::{ConfigureError, Withheld};
