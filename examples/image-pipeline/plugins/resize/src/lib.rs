//! Makes a picture narrower, its sides in the same proportion. It never makes one wider.
//!
//! How wide it may stay is the option `max-width` of the call, else that of the configuration,
//! else 640.

use image::imageops::{self, FilterType};
use image::{ImageBuffer, Pixel, Rgb, Rgba};
use plug_guest_sdk::prelude::*;

/// When nobody says how wide.
const MAX_WIDTH: u32 = 640;
const KEY: &str = "max-width";

struct Resize;

#[plugin(path = "../../wit", world = "acme:images/filter")]
impl ImageFilter for Resize {
    fn apply(image: Image, options: Vec<(String, String)>) -> Result<Image, FilterError> {
        let max_width = max_width(&options)?;
        if image.width <= max_width {
            info!("{} pixels wide already, at most {max_width} wanted", image.width);
            return Ok(image);
        }
        let from = (image.width, image.height);
        let small = match image.format {
            PixelFormat::Rgb8 => narrowed::<Rgb<u8>>(image, max_width),
            PixelFormat::Rgba8 => narrowed::<Rgba<u8>>(image, max_width),
        }?;
        info!("from {} x {} to {} x {}", from.0, from.1, small.width, small.height);
        Ok(small)
    }

    fn describe() -> String {
        format!("makes a picture at most `{KEY}` pixels wide, {MAX_WIDTH} unless told")
    }
}

fn max_width(options: &[(String, String)]) -> Result<u32, FilterError> {
    let refusal = |value: &str| {
        FilterError::BadOption(BadOption {
            key: KEY.to_owned(),
            value: value.to_owned(),
            wanted: "a whole number above 0".to_owned(),
        })
    };
    let width = match options.iter().find(|(key, _)| key == KEY) {
        Some((_, value)) => value.parse().map_err(|_| refusal(value))?,
        None => {
            config::get(KEY).map_err(|error| refusal(error.value().unwrap_or_default()))?.unwrap_or(MAX_WIDTH)
        }
    };
    if width == 0 { Err(refusal("0")) } else { Ok(width) }
}

fn narrowed<P: Pixel<Subpixel = u8> + 'static>(image: Image, width: u32) -> Result<Image, FilterError> {
    let Image { width: old_width, height: old_height, format, pixels } = image;
    let picture = ImageBuffer::<P, _>::from_raw(old_width, old_height, pixels).ok_or_else(|| {
        FilterError::InvalidImage(format!("too few bytes for {old_width} x {old_height} pixels"))
    })?;
    let exact = u64::from(old_height) * u64::from(width) / u64::from(old_width);
    // at most the old height, which is a u32
    let height = (exact as u32).max(1);
    let small = imageops::resize(&picture, width, height, FilterType::Lanczos3);
    Ok(Image { width, height, format, pixels: small.into_raw() })
}

#[cfg(test)]
mod tests {
    use plug_guest_sdk::testing;

    use super::*;

    fn picture(width: u32, height: u32) -> Image {
        let pixels = (0..width * height * 3).map(|at| (at / 3 % 256) as u8).collect();
        Image { width, height, format: PixelFormat::Rgb8, pixels }
    }

    fn option(value: &str) -> Vec<(String, String)> {
        vec![("strength".to_owned(), "5".to_owned()), (KEY.to_owned(), value.to_owned())]
    }

    #[test]
    fn sides_keep_their_proportion() {
        let small = Resize::apply(picture(100, 50), option("10")).unwrap();
        assert_eq!((small.width, small.height, small.pixels.len()), (10, 5, 150));
        let strip = Resize::apply(picture(100, 1), option("10")).unwrap();
        assert_eq!((strip.width, strip.height), (10, 1));
    }

    #[test]
    fn a_narrow_picture_stays_as_it_is() {
        let small = Resize::apply(picture(8, 8), option("8")).unwrap();
        assert_eq!(small.pixels, picture(8, 8).pixels);
    }

    #[test]
    fn the_option_goes_before_the_configuration() {
        testing::set_config([(KEY, "20")]);
        assert_eq!(Resize::apply(picture(100, 50), Vec::new()).unwrap().width, 20);
        assert_eq!(Resize::apply(picture(100, 50), option("30")).unwrap().width, 30);
        testing::reset();
        assert_eq!(Resize::apply(picture(700, 1), Vec::new()).unwrap().width, MAX_WIDTH);
    }

    #[test]
    fn a_width_that_is_none_is_refused() {
        let refused = |result: Result<Image, FilterError>| match result {
            Err(FilterError::BadOption(bad)) => bad.value,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(Resize::apply(picture(9, 9), option("wide"))), "wide");
        assert_eq!(refused(Resize::apply(picture(9, 9), option("0"))), "0");
        testing::set_config([(KEY, "-1")]);
        assert_eq!(refused(Resize::apply(picture(9, 9), Vec::new())), "-1");
    }

    #[test]
    fn a_picture_without_its_pixels_is_refused() {
        let broken = Image { pixels: vec![0; 5], ..picture(9, 9) };
        assert!(matches!(Resize::apply(broken, option("3")), Err(FilterError::InvalidImage(_))));
    }
}
