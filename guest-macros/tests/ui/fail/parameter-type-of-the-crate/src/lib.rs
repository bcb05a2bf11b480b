use plug_guest_sdk::prelude::*;

struct Grayscale;

struct Picture;

#[plugin(path = "wit")]
impl ImageFilter for Grayscale {
    fn apply(image: Picture, _options: Vec<(String, String)>) -> Result<Image, FilterError> {
        let _ = image;
        Err(FilterError::Empty)
    }
}
