#[allow(warnings)]
use bindings::prelude::*;
#[allow(warnings)]
use ::plug_guest_sdk::__private010::lifecycle::Guest as _;
mod parts {
    #[allow(warnings)]
    use super::bindings::prelude::*;
    #[allow(warnings)]
    use ::plug_guest_sdk::__private010::lifecycle::Guest as _;
    use super::*;
    impl super::bindings::exports::acme::disk::readers::Guest for Disk {
        fn read(name: String) -> Result<Bytes, Trouble> {
            Err(Trouble::Missing(name))
        }
    }
    impl Default for Disk {
        fn default() -> Self {
            Disk
        }
    }
    impl super::bindings::exports::acme::disk::writers::Guest for Disk {
        fn write(_name: String, bytes: Bytes) -> Result<u32, Trouble> {
            Err(Trouble::Full)
        }
    }
    impl ::plug_guest_sdk::__private010::lifecycle::Guest for Disk {
        fn shutdown() -> Result<(), String> {
            Ok(())
        }
        fn initialize(
            _config: ::std::vec::Vec<(::std::string::String, ::std::string::String)>,
        ) -> ::core::result::Result<(), ::std::string::String> {
            ::core::result::Result::Ok(())
        }
        fn get_metadata() -> ::plug_guest_sdk::__private010::lifecycle::PluginMetadata {
            ::plug_guest_sdk::__private010::lifecycle::PluginMetadata {
                name: ::std::string::String::from(::core::env!("CARGO_PKG_NAME")),
                version: ::std::string::String::from(::core::env!("CARGO_PKG_VERSION")),
                description: ::std::string::String::from(
                    ::core::env!("CARGO_PKG_DESCRIPTION"),
                ),
            }
        }
    }
    #[allow(
        warnings,
        unused,
        nonstandard_style,
        rust_2018_idioms,
        missing_docs,
        missing_debug_implementations,
        missing_copy_implementations,
        trivial_casts,
        trivial_numeric_casts,
        unreachable_pub,
        unsafe_code,
        unsafe_op_in_unsafe_fn,
        unused_qualifications,
        clippy::all,
        clippy::pedantic
    )]
    const _: () = {
        type PlugPlugin = Disk;
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            ::plug_guest_sdk::__private010::lifecycle::export!(
                PlugPlugin with_types_in::plug_guest_sdk::__private010::lifecycle
            );
            super::bindings::export!(PlugPlugin with_types_in super::bindings);
        };
    };
}
#[doc(hidden)]
#[allow(warnings)]
#[macro_export]
macro_rules! PLG0815_a_crate_holds_one_plugin {
    () => {};
}
