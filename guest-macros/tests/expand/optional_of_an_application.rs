use plug_guest_sdk::prelude::*;

struct Shrink;

#[plugin(path = "../ui/pass/optional-exports/wit", world = "filter")]
impl Plugin for Shrink {
    fn undo() -> bool {
        false
    }

    fn apply(image: Image) -> Image {
        image
    }
}
