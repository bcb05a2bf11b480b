//! Takes the colour out of a picture, and leaves its format and alpha as they are.

use plug_guest_sdk::prelude::*;

struct Grayscale;

#[plugin(path = "../../wit", world = "acme:images/filter")]
impl ImageFilter for Grayscale {
    fn apply(mut image: Image, _options: Vec<(String, String)>) -> Result<Image, FilterError> {
        let bytes = match image.format {
            PixelFormat::Rgb8 => 3,
            PixelFormat::Rgba8 => 4,
        };
        for pixel in image.pixels.chunks_exact_mut(bytes) {
            let gray = brightness(pixel[0], pixel[1], pixel[2]);
            pixel[..3].fill(gray);
        }
        Ok(image)
    }

    fn describe() -> String {
        "takes the colour out, weighing red, green and blue as the eye does".to_owned()
    }
}

/// How bright a colour looks: the weights of ITU-R BT.709 in parts of 65,536.
fn brightness(red: u8, green: u8, blue: u8) -> u8 {
    let sum = 13_933 * u32::from(red) + 46_871 * u32::from(green) + 4_732 * u32::from(blue);
    // the weights add up to 65,536, so this is 255 at most
    ((sum + 32_768) >> 16) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn green_is_brighter_than_blue() {
        let pixels = vec![0, 255, 0, 0, 0, 255, 255, 255, 255];
        let image = Image { width: 3, height: 1, format: PixelFormat::Rgb8, pixels };
        let gray = Grayscale::apply(image, Vec::new()).unwrap();
        assert_eq!(gray.pixels, [182, 182, 182, 18, 18, 18, 255, 255, 255]);
    }

    #[test]
    fn alpha_stays() {
        let image = Image { width: 1, height: 1, format: PixelFormat::Rgba8, pixels: vec![255, 0, 0, 9] };
        assert_eq!(Grayscale::apply(image, Vec::new()).unwrap().pixels, [54, 54, 54, 9]);
    }
}
