//! The picture in `assets` is the one that the example `draw-architecture` draws.

#[path = "../examples/draw-architecture/canvas.rs"]
mod canvas;
#[path = "../examples/draw-architecture/diagram.rs"]
mod diagram;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/architecture.png");
const RENEW: &str = "`cargo run --example draw-architecture` renews it";

#[test]
fn the_file_is_what_is_drawn() {
    let drawn = diagram::architecture().unwrap();
    let file = image::open(FILE).unwrap().into_rgb8();
    assert_eq!(file.dimensions(), drawn.dimensions(), "{RENEW}");
    // Another processor may round the edge of a letter differently.
    let far = |(a, b): (&u8, &u8)| a.abs_diff(*b) > 1;
    let different = file.as_raw().iter().zip(drawn.as_raw()).filter(|pair| far(*pair)).count();
    assert_eq!(different, 0, "{different} of {} values differ; {RENEW}", file.as_raw().len());
}

#[test]
fn it_has_colours_to_lose() {
    let drawn = diagram::architecture().unwrap();
    let colourful = drawn.pixels().filter(|pixel| {
        let [red, green, blue] = pixel.0;
        red.max(green).max(blue) - red.min(green).min(blue) > 60
    });
    let share = colourful.count() * 1000 / (drawn.width() * drawn.height()) as usize;
    assert!(share > 20, "only {share} of 1000 pixels have a colour");
}
