//! Whole runs of the program, with the real plugins.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use built_plugins::built_plugin;
use image::{DynamicImage, ImageBuffer, Luma, LumaA, Rgb, RgbImage, RgbaImage};
use tempfile::TempDir;

/// A folder to work in.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Desk(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn picture(&self, name: &str, picture: impl Into<DynamicImage>) -> PathBuf {
        let file = self.path(name);
        picture.into().save(&file).unwrap();
        file
    }

    /// Runs the program; the rest of its command line is in words.
    fn run(&self, input: &Path, output: &str, plugins: &[&str], rest: &str) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_image-pipeline"));
        program.arg(input).arg(self.path(output)).env_remove("RUST_LOG");
        for plugin in plugins {
            program.arg("--plugin").arg(built_plugin(plugin));
        }
        program.args(rest.split_whitespace()).output().unwrap()
    }

    /// What comes out of a run that has to go well.
    fn result(&self, input: &Path, output: &str, plugins: &[&str], rest: &str) -> DynamicImage {
        let run = self.run(input, output, plugins, rest);
        assert!(run.status.success(), "{}", talk(&run));
        image::open(self.path(output)).unwrap()
    }

    /// The names of all files that are here.
    fn files(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

fn talk(run: &Output) -> String {
    String::from_utf8(run.stderr.clone()).unwrap()
}

fn shades() -> RgbImage {
    RgbImage::from_fn(40, 20, |x, y| Rgb([(x * 6) as u8, (y * 12) as u8, 90]))
}

#[test]
fn a_png_becomes_gray_and_small() {
    let desk = Desk::new();
    let input = desk.picture("in.png", RgbImage::from_pixel(40, 20, Rgb([200, 50, 10])));
    let run = desk.run(&input, "out.png", &["grayscale", "resize"], "--config resize.max-width=10");
    assert!(run.status.success(), "{}", talk(&run));
    let said = String::from_utf8(run.stdout.clone()).unwrap();
    assert!(said.contains("grayscale 1.0.0: 40 x 20 pixels in "), "{said}");
    assert!(said.contains("resize 1.0.0: 10 x 5 pixels in "), "{said}");
    assert!(talk(&run).contains("from 40 x 20 to 10 x 5 plugin=resize"), "{}", talk(&run));
    let picture = image::open(desk.path("out.png")).unwrap().into_rgb8();
    assert_eq!(picture, RgbImage::from_pixel(10, 5, Rgb([79, 79, 79])));
}

#[test]
fn a_jpeg_comes_out_as_jpeg() {
    let desk = Desk::new();
    let input = desk.picture("in.jpg", shades());
    let before = image::open(&input).unwrap().into_rgb8();
    let after = desk.result(&input, "out.jpeg", &["invert"], "").into_rgb8();
    assert_eq!(&fs::read(desk.path("out.jpeg")).unwrap()[..3], b"\xff\xd8\xff");
    assert_eq!(after.dimensions(), before.dimensions());
    let off: u64 =
        before.as_raw().iter().zip(after.as_raw()).map(|(a, b)| u64::from((255 - a).abs_diff(*b))).sum();
    let mean = off / before.as_raw().len() as u64;
    assert!(mean <= 6, "the colours are {mean} off");
}

#[test]
fn every_kind_of_png_goes_through() {
    let desk = Desk::new();
    let gray = ImageBuffer::from_fn(9, 4, |x, y| Luma([(x * 20 + y) as u8]));
    let with_alpha = ImageBuffer::from_fn(9, 4, |x, y| LumaA([(x * 20) as u8, (y * 60) as u8]));
    let deep = ImageBuffer::from_fn(9, 4, |x, y| Rgb([(x * 257 * 20) as u16, (y * 257 * 9) as u16, 257 * 7]));
    let clear = RgbaImage::from_fn(9, 4, |x, y| image::Rgba([x as u8, y as u8, 200, (x * 25) as u8]));
    let kinds: [(&str, DynamicImage); 4] = [
        ("gray.png", gray.into()),
        ("gray-alpha.png", with_alpha.into()),
        ("deep.png", deep.into()),
        ("clear.png", clear.into()),
    ];
    for (name, picture) in kinds {
        let input = desk.picture(name, picture.clone());
        // twice inverted is not inverted
        let after = desk.result(&input, "out.png", &["invert", "invert"], "");
        assert_eq!(after.color().has_alpha(), picture.color().has_alpha(), "{name}");
        assert_eq!(after.into_rgba8(), picture.into_rgba8(), "{name}");
    }
}

#[test]
fn a_palette_is_looked_up() {
    let desk = Desk::new();
    let input = desk.path("in.png");
    let mut encoder = png::Encoder::new(fs::File::create(&input).unwrap(), 4, 1);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Two);
    encoder.set_palette(&[1, 2, 3, 40, 50, 60, 255, 0, 0][..]);
    encoder.write_header().unwrap().write_image_data(&[0b0001_1001]).unwrap();
    let after = desk.result(&input, "out.png", &["invert"], "").into_rgb8();
    assert_eq!(after.into_raw(), [254, 253, 252, 215, 205, 195, 0, 255, 255, 215, 205, 195]);
}

#[test]
fn what_the_camera_turned_is_turned_back() {
    let desk = Desk::new();
    let input = desk.picture("in.jpg", shades());
    let jpeg = fs::read(&input).unwrap();
    // EXIF with one entry: orientation 6, to be turned by 90 degrees
    let exif = b"\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    fs::write(&input, [&jpeg[..2], exif, &jpeg[2..]].concat()).unwrap();
    let after = desk.result(&input, "out.png", &["grayscale"], "");
    assert_eq!((after.width(), after.height()), (20, 40));
}

#[test]
fn what_is_clear_is_white_as_a_jpeg() {
    let desk = Desk::new();
    let input = desk.picture("in.png", RgbaImage::from_pixel(8, 8, image::Rgba([0, 0, 0, 0])));
    let after = desk.result(&input, "out.jpg", &["grayscale"], "").into_rgb8();
    assert!(after.pixels().all(|pixel| pixel.0.iter().all(|value| *value > 250)));
}

#[test]
fn an_option_goes_to_the_plugins() {
    let desk = Desk::new();
    let input = desk.picture("in.png", shades());
    let after = desk.result(&input, "out.png", &["invert", "resize"], "--option max-width=8");
    assert_eq!((after.width(), after.height()), (8, 4));
}

#[test]
fn a_large_picture_fits() {
    let desk = Desk::new();
    let input = desk.picture("in.jpg", RgbImage::from_pixel(4000, 3000, Rgb([9, 99, 199])));
    let after = desk.result(&input, "out.jpg", &["grayscale", "resize"], "");
    assert_eq!((after.width(), after.height()), (640, 480));
}

/// A run that has to fail: its exit code, what it says, and no file that was not there.
fn failure(desk: &Desk, run: &Output, code: i32) -> String {
    let talk = talk(run);
    assert_eq!(run.status.code(), Some(code), "{talk}");
    let files = desk.files();
    assert!(files.iter().all(|name| name.starts_with("in.")), "{files:?}");
    talk
}

#[test]
fn a_plugin_that_says_no_is_quoted() {
    let desk = Desk::new();
    let input = desk.picture("in.png", shades());
    let run = desk.run(&input, "out.png", &["grayscale", "resize"], "--config resize.max-width=wide");
    let wanted = "error: plugin `resize` cannot use `max-width=wide`: it has to be a whole number above 0\n";
    assert_eq!(failure(&desk, &run, 3), wanted);
}

#[test]
fn a_plugin_for_something_else_is_refused() {
    let desk = Desk::new();
    let input = desk.picture("in.png", shades());
    let run = desk.run(&input, "out.png", &["invert", "data-stats"], "");
    let talk = failure(&desk, &run, 3);
    assert!(
        talk.contains("plugin `data-stats`")
            && talk.contains("does not fit")
            && talk.contains("acme:images/image-filter@1"),
        "{talk}"
    );
    assert!(talk.ends_with("`cargo plug explain PLG0301` tells more\n"), "{talk}");
    let said = String::from_utf8(run.stdout).unwrap();
    assert!(!said.contains("invert"), "nothing may run when one is refused: {said}");
}

#[test]
fn a_plugin_that_is_not_there_is_named() {
    let desk = Desk::new();
    let input = desk.picture("in.png", shades());
    let run = desk.run(&input, "out.png", &["invert"], "--plugin no/such.wasm");
    let talk = failure(&desk, &run, 3);
    assert!(talk.starts_with("error: no/such.wasm"), "{talk}");
    assert!(talk.contains("PLG0205"), "{talk}");
}

#[test]
fn a_picture_that_is_none_is_named() {
    let desk = Desk::new();
    let run = desk.run(&desk.path("in.png"), "out.png", &["invert"], "");
    let talk = failure(&desk, &run, 1);
    assert!(talk.contains("in.png cannot be read\n  because: "), "{talk}");
    fs::write(desk.path("in.png"), "no picture").unwrap();
    let run = desk.run(&desk.path("in.png"), "out.png", &["invert"], "");
    assert!(failure(&desk, &run, 1).contains("in.png cannot be read\n  because: "));
}

#[test]
fn a_result_that_cannot_be_written_leaves_nothing() {
    let desk = Desk::new();
    let input = desk.picture("in.png", shades());
    let run = desk.run(&input, "no/such/folder/out.png", &["invert"], "");
    assert!(failure(&desk, &run, 1).contains("out.png cannot be written\n  because: "));
    let run = desk.run(&input, "out.gif", &["invert"], "");
    assert!(failure(&desk, &run, 2).contains("it has to end in .png, .jpg or .jpeg"));
}
