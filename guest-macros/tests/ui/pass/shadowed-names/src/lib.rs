//! The crate's own names must not reach generated code, nor what it denies.
#![deny(unused, nonstandard_style, rust_2018_idioms, missing_docs, missing_debug_implementations)]
#![deny(missing_copy_implementations, trivial_casts, trivial_numeric_casts, unreachable_pub)]
#![deny(unsafe_code, unsafe_op_in_unsafe_fn, unused_qualifications, clippy::all, clippy::pedantic)]
#![allow(dead_code, unused_macros)]

use plug_guest_sdk::plugin;

struct String;
struct Vec;
struct Box;
enum Option { Some, None }
enum Result { Ok, Err }
struct Guest;
struct Send;
mod core {}
mod std {}
mod alloc {}
mod prelude {}
trait Plugin {}
macro_rules! vec { () => {}; }
macro_rules! env { () => {}; }
macro_rules! include_bytes { () => {}; }

struct Echo;

#[plugin(path = "wit")]
impl Echoes for Echo {
    fn echo(text: Text) -> Text {
        text
    }
}
