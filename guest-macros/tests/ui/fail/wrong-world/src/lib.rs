use plug_guest_sdk::prelude::*;

struct Grayscale;

#[plugin(path = "wit", world = "acme:images/fliter")]
impl ImageFilter for Grayscale {
    fn apply(image: Image, options: Vec<(String, String)>) -> Result<Image, FilterError> {
        let _ = options;
        Ok(image)
    }
}
