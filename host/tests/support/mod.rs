//! No guest toolchain is needed to show what a host does.

#![allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses its own part")]

mod guest;
mod lines;

pub use guest::{Guest, encode};
pub use lines::{Line, Lines, listen};

impl Guest {
    /// The component as the host takes it.
    pub fn artifact(&self) -> plug_host::Artifact {
        plug_host::Artifact::from_bytes(self.build()).expect("the test's component")
    }
}

/// A host of the standard world with the defaults.
pub fn standard_host() -> plug_host::Host<plug_host::Standard> {
    plug_host::Host::builder().build().expect("a host")
}

/// What a policy file says.
pub fn policy(text: &str) -> plug_host::policy::Policy {
    plug_host::policy::Policy::parse("policy.toml", text).unwrap_or_else(|error| panic!("{error}"))
}

/// All may emit events.
pub const EVENTS: &str = "[defaults]\n\"events:emit\" = [\"*\"]";

/// The future's value if it has one at once.
pub fn poll_once<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => Some(value),
        std::task::Poll::Pending => None,
    }
}

/// The error and all that it is caused by, a line each.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut lines = vec![error.to_string()];
    let mut next = error.source();
    while let Some(error) = next {
        lines.push(error.to_string());
        next = error.source();
    }
    lines.join("\n")
}
