//! None of the optional interfaces of an application, but one of ours.

use plug_guest_sdk::prelude::*;

struct Keep;

#[plugin(path = "wit", world = "filter")]
impl Plugin for Keep {
    fn apply(image: Image) -> Image {
        image
    }

    fn check() -> Result<(), String> {
        Ok(())
    }
}
