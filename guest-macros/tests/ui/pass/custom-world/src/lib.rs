use plug_guest_sdk::prelude::*;

struct Grayscale;

#[plugin(path = "wit", world = "acme:images/filter")]
impl ImageFilter for Grayscale {
    fn apply(image: Image, options: Options) -> Result<Image, FilterError> {
        if let Some(limit) = options.limit
            && u64::from(image.size.width) > limit.max
        {
            return Err(FilterError::TooLarge(limit));
        }
        let pixels = image.pixels.iter().map(|p| p / 2).collect();
        Ok(Image { format: PixelFormat::Gray, pixels, ..image })
    }

    fn list_abilities() -> Abilities {
        Abilities::FAST | Abilities::LOSSLESS
    }

    fn rotate(pixels: Pixels, by: Option<(u8, char)>) -> Vec<u8> {
        by.map_or(pixels, |(n, _)| vec![n])
    }

    fn nothing() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_kinds_of_types_work() {
        let image =
            Image { size: Size { width: 2, height: 1 }, format: PixelFormat::Rgb, pixels: vec![2, 4] };
        let out = Grayscale::apply(image.clone(), Options { values: vec![], limit: None }).unwrap();
        assert_eq!((out.format, out.pixels.as_slice()), (PixelFormat::Gray, &[1, 2][..]));
        let limit = Limit { max: 1, nested: vec![vec![1.5]] };
        let options = Options { values: vec![("a".into(), "b".into())], limit: Some(limit.clone()) };
        assert_eq!(Grayscale::apply(image, options), Err(FilterError::TooLarge(limit)));
        assert_eq!(Grayscale::rotate(vec![1], Some((7, 'x'))), [7]);
        assert!(Grayscale::list_abilities().contains(Abilities::FAST));
        Grayscale::nothing();
        assert_eq!(Grayscale::get_metadata().name, "custom-world");
    }
}
