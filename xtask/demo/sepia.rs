//! Gives a picture the brown of old photographs.

use plug_guest_sdk::prelude::*;

struct Sepia;

#[plugin(path = "wit", world = "acme:images/filter")]
impl ImageFilter for Sepia {
    fn apply(mut image: Image, _options: Vec<(String, String)>) -> Result<Image, FilterError> {
        let bytes = if image.format == PixelFormat::Rgba8 { 4 } else { 3 };
        for pixel in image.pixels.chunks_exact_mut(bytes) {
            let [red, green, blue] = [pixel[0], pixel[1], pixel[2]].map(f32::from);
            pixel[0] = (0.393 * red + 0.769 * green + 0.189 * blue) as u8;
            pixel[1] = (0.349 * red + 0.686 * green + 0.168 * blue) as u8;
            pixel[2] = (0.272 * red + 0.534 * green + 0.131 * blue) as u8;
        }
        info!("toned {} x {} pixels", image.width, image.height);
        Ok(image)
    }

    fn describe() -> String {
        "gives the brown of old photographs".to_owned()
    }
}
