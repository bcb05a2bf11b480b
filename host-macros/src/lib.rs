//! The world! macro of plug-host.
