//! Turns the colours of a picture into their opposites.

use plug_guest_sdk::prelude::*;

struct Invert;

#[plugin(path = "../../wit", world = "acme:images/filter")]
impl ImageFilter for Invert {
    fn apply(mut image: Image, _options: Vec<(String, String)>) -> Result<Image, FilterError> {
        let bytes = match image.format {
            PixelFormat::Rgb8 => 3,
            PixelFormat::Rgba8 => 4,
        };
        for pixel in image.pixels.chunks_exact_mut(bytes) {
            pixel[..3].iter_mut().for_each(|value| *value = 255 - *value);
        }
        Ok(image)
    }

    fn describe() -> String {
        "turns colours into their opposites".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_turn_and_alpha_stays() {
        let image = Image { width: 1, height: 1, format: PixelFormat::Rgba8, pixels: vec![0, 100, 255, 7] };
        let inverted = Invert::apply(image, Vec::new()).unwrap();
        assert_eq!(inverted.pixels, [255, 155, 0, 7]);
    }

    #[test]
    fn twice_is_nothing() {
        let pixels: Vec<u8> = (0..12).map(|value| value * 20).collect();
        let image = Image { width: 2, height: 2, format: PixelFormat::Rgb8, pixels: pixels.clone() };
        let twice = Invert::apply(image, Vec::new()).and_then(|once| Invert::apply(once, Vec::new()));
        assert_eq!(twice.unwrap().pixels, pixels);
    }
}
