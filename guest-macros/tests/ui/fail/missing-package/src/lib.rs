use plug_guest_sdk::prelude::*;

struct Grayscale;

#[plugin(world = "filter")]
impl ImageFilter for Grayscale {
    fn apply(image: Vec<u8>) -> Vec<u8> {
        image
    }
}
