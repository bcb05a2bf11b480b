//! Two of the optional interfaces of an application, one with a resource; the third is left out.

use plug_guest_sdk::prelude::*;

#[plugin(path = "wit", world = "filter")]
mod plugin {
    use super::{NamedPreset, Shrink};

    impl ImageFilter for Shrink {
        fn apply(image: Image) -> Image {
            image
        }
    }

    impl Preview for Shrink {
        fn preview(image: Image, size: Size) -> Image {
            Image { width: size.width.min(image.width), ..image }
        }

        fn sizes() -> Vec<Size> {
            vec![Size { width: 64 }]
        }
    }

    impl Presets for Shrink {
        type Preset = NamedPreset;
    }
}

struct Shrink;

struct NamedPreset(String);

impl GuestPreset for NamedPreset {
    fn new(name: String) -> Self {
        Self(name)
    }

    fn name(&self) -> String {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_an_image_of_the_filter() {
        let image = Shrink::apply(Image { width: 100, pixels: vec![1] });
        assert_eq!(Shrink::preview(image, Size { width: 64 }).width, 64);
    }
}
