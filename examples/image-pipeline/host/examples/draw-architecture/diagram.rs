//! The rooms of Plug, and what goes from one to the other.

use ab_glyph::FontRef;
use image::RgbImage;

use crate::canvas::{Canvas, Color, Frame, Point, Style};

const PAPER: Color = [247, 245, 240];
const INK: Color = [34, 40, 62];
const PALE_INK: Color = [104, 110, 130];
const WHITE: Color = [255, 255, 255];
const AMBER: Color = [232, 152, 28];
const GREEN: Color = [46, 150, 92];
const PALE_GREEN: Color = [222, 240, 228];
const TEAL: Color = [16, 128, 140];
const VIOLET: Color = [124, 84, 190];
const BLUE: Color = [44, 102, 200];
const PALE_BLUE: Color = [220, 231, 248];
const RED: Color = [214, 74, 66];

struct Fonts {
    regular: FontRef<'static>,
    bold: FontRef<'static>,
    mono: FontRef<'static>,
}

/// A box: a name and one or two lines about it.
struct Card<'t> {
    frame: Frame,
    color: Color,
    name: &'t str,
    lines: &'t [&'t str],
}

/// The picture.
pub fn architecture() -> Result<RgbImage, ab_glyph::InvalidFont> {
    let fonts = Fonts {
        regular: FontRef::try_from_slice(dejavu::sans::regular())?,
        bold: FontRef::try_from_slice(dejavu::sans::bold())?,
        mono: FontRef::try_from_slice(dejavu::sans_mono::bold())?,
    };
    let mut canvas = Canvas::new(1280, 800, PAPER);
    title(&mut canvas, &fonts);
    side(
        &mut canvas,
        &fonts,
        frame(40.0, 132.0, 350.0, 448.0),
        PALE_GREEN,
        GREEN,
        "the plugin author's side",
    );
    side(&mut canvas, &fonts, frame(890.0, 132.0, 350.0, 448.0), PALE_BLUE, BLUE, "the application's side");
    arrows(&mut canvas);
    for card in cards() {
        draw_card(&mut canvas, &fonts, &card);
    }
    labels(&mut canvas, &fonts);
    Ok(canvas.into_picture())
}

fn frame(x: f32, y: f32, width: f32, height: f32) -> Frame {
    Frame { x, y, width, height, radius: 14.0 }
}

fn title(canvas: &mut Canvas, fonts: &Fonts) {
    canvas.text((40.0, 76.0), "Plug", Style { font: &fonts.bold, size: 62.0, color: INK });
    let style = Style { font: &fonts.regular, size: 24.0, color: PALE_INK };
    canvas.text((204.0, 50.0), "A contract goes in on both sides.", style);
    canvas.text((204.0, 80.0), "What does not fit it is refused before it runs.", style);
}

fn side(canvas: &mut Canvas, fonts: &Fonts, frame: Frame, fill: Color, edge: Color, name: &str) {
    let frame = Frame { radius: 22.0, ..frame };
    canvas.fill(frame, fill);
    canvas.outline(frame, 1.5, edge);
    let style = Style { font: &fonts.bold, size: 20.0, color: edge };
    canvas.centered((frame.middle().0, frame.y + 34.0), name, style);
}

fn cards() -> [Card<'static>; 10] {
    [
        Card {
            frame: frame(490.0, 132.0, 300.0, 88.0),
            color: AMBER,
            name: "wit/",
            lines: &["the contract as text,", "the source of truth"],
        },
        Card {
            frame: frame(490.0, 280.0, 300.0, 88.0),
            color: TEAL,
            name: "contract",
            lines: &["a world as a value: its hash,", "and whether two fit"],
        },
        Card {
            frame: frame(490.0, 428.0, 300.0, 88.0),
            color: VIOLET,
            name: "cargo-plug",
            lines: &["new · build · inspect · call", "setup · doctor · explain"],
        },
        Card {
            frame: frame(70.0, 190.0, 290.0, 88.0),
            color: GREEN,
            name: "guest-macros",
            lines: &["#[plugin]: checks the impl", "against the contract"],
        },
        Card {
            frame: frame(70.0, 324.0, 290.0, 88.0),
            color: GREEN,
            name: "guest-sdk",
            lines: &["log, config, events", "and the life cycle"],
        },
        Card {
            frame: frame(70.0, 458.0, 290.0, 88.0),
            color: RED,
            name: "your plugin",
            lines: &["one crate, one impl,", "nothing but the SDK"],
        },
        Card {
            frame: frame(920.0, 190.0, 290.0, 88.0),
            color: BLUE,
            name: "wasmtime, tokio",
            lines: &["run components, keep many", "calls going at once"],
        },
        Card {
            frame: frame(920.0, 324.0, 290.0, 88.0),
            color: BLUE,
            name: "host",
            lines: &["judges, sandboxes, limits", "and calls plugins"],
        },
        Card {
            frame: frame(920.0, 458.0, 290.0, 88.0),
            color: RED,
            name: "your application",
            lines: &["typed calls of its own", "world, events, errors"],
        },
        Card {
            frame: frame(490.0, 654.0, 300.0, 88.0),
            color: INK,
            name: "plugin.wasm",
            lines: &["a component: its code, contract", "and wanted capabilities"],
        },
    ]
}

fn draw_card(canvas: &mut Canvas, fonts: &Fonts, card: &Card<'_>) {
    let Frame { x, y, height, .. } = card.frame;
    canvas.shadow(card.frame, 10.0, 0.22);
    canvas.fill(card.frame, WHITE);
    canvas.fill(
        Frame { width: 12.0, radius: 6.0, y: y + 12.0, x: x + 12.0, height: height - 24.0 },
        card.color,
    );
    canvas.outline(card.frame, 2.0, card.color);
    canvas.text((x + 40.0, y + 33.0), card.name, Style { font: &fonts.mono, size: 25.0, color: card.color });
    let style = Style { font: &fonts.regular, size: 17.0, color: INK };
    for (place, line) in (0u8..).zip(card.lines) {
        canvas.text((x + 40.0, y + 54.0 + 20.0 * f32::from(place)), line, style);
    }
}

fn arrows(canvas: &mut Canvas) {
    let paths: [(&[Point], Color); 11] = [
        (&[(640.0, 222.0), (640.0, 276.0)], AMBER),
        (&[(640.0, 370.0), (640.0, 424.0)], TEAL),
        (&[(490.0, 310.0), (430.0, 310.0), (430.0, 234.0), (364.0, 234.0)], TEAL),
        (&[(790.0, 324.0), (850.0, 324.0), (850.0, 368.0), (916.0, 368.0)], TEAL),
        (&[(215.0, 280.0), (215.0, 320.0)], GREEN),
        (&[(215.0, 414.0), (215.0, 454.0)], GREEN),
        (&[(1065.0, 280.0), (1065.0, 320.0)], BLUE),
        (&[(1065.0, 414.0), (1065.0, 454.0)], BLUE),
        (&[(215.0, 548.0), (215.0, 698.0), (486.0, 698.0)], RED),
        (&[(640.0, 518.0), (640.0, 650.0)], VIOLET),
        (&[(790.0, 698.0), (850.0, 698.0), (850.0, 390.0), (916.0, 390.0)], INK),
    ];
    for (path, color) in paths {
        canvas.arrow(path, 4.0, color);
    }
}

fn labels(canvas: &mut Canvas, fonts: &Fonts) {
    let style = Style { font: &fonts.regular, size: 17.0, color: PALE_INK };
    canvas.text((656.0, 256.0), "read by", style);
    canvas.text((656.0, 588.0), "cargo plug build", style);
    canvas.centered((350.0, 686.0), "compiled for wasm32-wasip2", style);
    canvas.text((866.0, 640.0), "loaded, judged against the contract,", style);
    canvas.text((866.0, 662.0), "then given just what was granted", style);
}
