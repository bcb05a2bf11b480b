use plug_guest_sdk::prelude::*;

struct Grayscale;

#[plugin(path = "wit")]
impl ImageFiltre for Grayscale {
    fn apply(image: Image, _options: Vec<(String, String)>) -> Result<Image, FilterError> {
        Ok(image)
    }
}
