//! The #[plugin] macro of the Plug guest SDK.
