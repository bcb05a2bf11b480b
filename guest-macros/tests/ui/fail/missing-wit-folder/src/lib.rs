use plug_guest_sdk::prelude::*;

struct Grayscale;

#[plugin(path = "contract", world = "filter")]
impl ImageFilter for Grayscale {
    fn apply(image: Image) -> Image {
        image
    }
}
