use plug_guest_sdk::prelude::*;

struct Grayscale;

#[plugin(path = "wit", wrld = "filter", async = true)]
impl ImageFilter for Grayscale {
    fn apply(image: Image, _options: Vec<(String, String)>) -> Result<Image, FilterError> {
        Ok(image)
    }
}
