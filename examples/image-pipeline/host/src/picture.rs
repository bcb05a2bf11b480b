//! Between files and the pictures of the contract.

use std::ffi::OsString;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use anyhow::{Context as _, ensure};
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Rgb, RgbImage, RgbaImage};

use crate::filter::exports::acme::images::image_filter::{Image, PixelFormat};

/// Reads any PNG or JPEG: gray, with a palette, of 16 bits, with alpha, turned by the camera.
pub(crate) fn read(file: &Path) -> anyhow::Result<Image> {
    let cannot = || format!("the picture {} cannot be read", file.display());
    // What is in the file counts, whatever its name says.
    let reader = ImageReader::open(file).with_context(cannot)?.with_guessed_format().with_context(cannot)?;
    let mut decoder = reader.into_decoder().with_context(cannot)?;
    let orientation = decoder.orientation().with_context(cannot)?;
    let mut picture = DynamicImage::from_decoder(decoder).with_context(cannot)?;
    picture.apply_orientation(orientation);

    let (width, height) = (picture.width(), picture.height());
    Ok(if picture.color().has_alpha() {
        Image { width, height, format: PixelFormat::Rgba8, pixels: picture.into_rgba8().into_raw() }
    } else {
        Image { width, height, format: PixelFormat::Rgb8, pixels: picture.into_rgb8().into_raw() }
    })
}

/// Whether a picture has as many bytes as it says: a plugin made it.
pub(crate) fn check(image: &Image) -> anyhow::Result<()> {
    let bytes = match image.format {
        PixelFormat::Rgb8 => 3,
        PixelFormat::Rgba8 => 4,
    };
    let wanted =
        u64::from(image.width).checked_mul(u64::from(image.height)).and_then(|all| all.checked_mul(bytes));
    let found = image.pixels.len();
    ensure!(wanted == Some(found as u64), "{} with {found} bytes", size(image));
    ensure!(found > 0, "no pixels");
    Ok(())
}

/// Writes it as the ending of the file's name says. The file is there whole, or not at all.
pub(crate) fn write(image: Image, file: &Path) -> anyhow::Result<()> {
    let format = ImageFormat::from_path(file)?;
    let size = size(&image);
    let picture = match image.format {
        PixelFormat::Rgb8 => {
            RgbImage::from_raw(image.width, image.height, image.pixels).map(DynamicImage::from)
        }
        PixelFormat::Rgba8 => RgbaImage::from_raw(image.width, image.height, image.pixels).map(|picture| {
            // JPEG has no alpha
            if format == ImageFormat::Jpeg { on_white(&picture).into() } else { picture.into() }
        }),
    };
    let mut bytes = Cursor::new(Vec::new());
    picture
        .context("too few bytes")
        .and_then(|picture| Ok(picture.write_to(&mut bytes, format)?))
        .with_context(|| format!("{size} cannot become {}", file.display()))?;
    let mut name = OsString::from(".unfinished-");
    name.push(file.file_name().unwrap_or_default());
    let unfinished = file.with_file_name(name);
    let written = fs::write(&unfinished, bytes.get_ref()).and_then(|()| fs::rename(&unfinished, file));
    if written.is_err() {
        // there may be none
        let _ = fs::remove_file(&unfinished);
    }
    written.with_context(|| format!("the picture {} cannot be written", file.display()))
}

/// For people: `1280 x 800 pixels`.
pub(crate) fn size(image: &Image) -> String {
    format!("{} x {} pixels", image.width, image.height)
}

fn on_white(picture: &RgbaImage) -> RgbImage {
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [colors @ .., alpha] = picture.get_pixel(x, y).0;
        let alpha = u32::from(alpha);
        Rgb(colors.map(|color| ((u32::from(color) * alpha + 255 * (255 - alpha) + 127) / 255) as u8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(width: u32, height: u32, bytes: usize) -> Image {
        Image { width, height, format: PixelFormat::Rgb8, pixels: vec![0; bytes] }
    }

    #[test]
    fn a_picture_needs_just_its_bytes() {
        assert!(check(&image(2, 3, 18)).is_ok());
        assert_eq!(check(&image(2, 3, 17)).unwrap_err().to_string(), "2 x 3 pixels with 17 bytes");
        assert!(check(&image(2, 3, 19)).is_err());
        assert!(check(&image(0, 3, 0)).is_err());
        assert!(check(&image(u32::MAX, u32::MAX, 3)).is_err());
    }

    #[test]
    fn what_is_transparent_becomes_white() {
        let picture = RgbaImage::from_raw(3, 1, vec![10, 20, 30, 255, 10, 20, 30, 0, 0, 0, 0, 127]).unwrap();
        assert_eq!(on_white(&picture).into_raw(), [10, 20, 30, 255, 255, 255, 128, 128, 128]);
    }
}
