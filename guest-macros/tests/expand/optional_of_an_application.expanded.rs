#[allow(warnings)]
use bindings::prelude::*;
#[allow(warnings)]
use ::plug_guest_sdk::__private010::lifecycle::Guest as _;
impl bindings::exports::acme::images::image_filter::Guest for Shrink {
    fn apply(image: Image) -> Image {
        image
    }
}
impl bindings::exports::acme::images::undo::Guest for Shrink {
    fn undo() -> bool {
        false
    }
}
impl ::plug_guest_sdk::__private010::lifecycle::Guest for Shrink {
    fn initialize(
        _config: ::std::vec::Vec<(::std::string::String, ::std::string::String)>,
    ) -> ::core::result::Result<(), ::std::string::String> {
        ::core::result::Result::Ok(())
    }
    fn shutdown() -> ::core::result::Result<(), ::std::string::String> {
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
    type PlugPlugin = Shrink;
    #[cfg(target_arch = "wasm32")]
    const _: () = {
        ::plug_guest_sdk::__private010::lifecycle::export!(
            PlugPlugin with_types_in::plug_guest_sdk::__private010::lifecycle
        );
        bindings::export!(PlugPlugin with_types_in bindings);
    };
};
#[doc(hidden)]
#[allow(warnings)]
#[macro_export]
macro_rules! PLG0815_a_crate_holds_one_plugin {
    () => {};
}
