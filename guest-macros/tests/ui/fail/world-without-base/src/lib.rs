use plug_guest_sdk::prelude::*;

struct Grayscale;

#[plugin(path = "wit", world = "filter")]
impl ImageFilter for Grayscale {
    fn apply(image: Vec<u8>) -> Vec<u8> {
        image
    }
}
