//! Shapes and text with smooth edges. Only sums, products and square roots: the same picture on
//! every machine.

use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _, point};
use image::{Rgb, RgbImage};

/// Pixels from the left and from the top.
pub type Point = (f32, f32);
pub type Color = [u8; 3];

/// A rectangle with round corners.
#[derive(Clone, Copy)]
pub struct Frame {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
    pub radius: f32,
}

/// How text looks.
#[derive(Clone, Copy)]
pub struct Style<'f> {
    pub font: &'f FontRef<'static>,
    pub size: f32,
    pub color: Color,
}

pub struct Canvas {
    pixels: RgbImage,
}

impl Canvas {
    pub fn new(width: u32, height: u32, background: Color) -> Self {
        Self { pixels: RgbImage::from_pixel(width, height, Rgb(background)) }
    }

    pub fn into_picture(self) -> RgbImage {
        self.pixels
    }

    pub fn fill(&mut self, frame: Frame, color: Color) {
        self.paint(frame.bounds(1.0), color, |point| covered(frame.distance(point)));
    }

    /// The outline lies inside the frame.
    pub fn outline(&mut self, frame: Frame, width: f32, color: Color) {
        self.paint(frame.bounds(1.0), color, |point| {
            let distance = frame.distance(point);
            covered(distance) - covered(distance + width)
        });
    }

    /// What the frame would throw on a sheet close below it.
    pub fn shadow(&mut self, frame: Frame, blur: f32, strength: f32) {
        let frame = Frame { y: frame.y + blur / 3.0, ..frame };
        self.paint(frame.bounds(blur), [30, 35, 60], |point| {
            let near = (0.5 - frame.distance(point) / (2.0 * blur)).clamp(0.0, 1.0);
            strength * near * near * (3.0 - 2.0 * near)
        });
    }

    /// A line along `points`, round at its corners, with a head at its end.
    pub fn arrow(&mut self, points: &[Point], width: f32, color: Color) {
        let [.., before, tip] = points else { return };
        let length = 4.5 * width;
        let direction = unit(*before, *tip);
        let base = (tip.0 - direction.0 * length, tip.1 - direction.1 * length);
        let mut line = points.to_vec();
        if let Some(end) = line.last_mut() {
            *end = (base.0 + direction.0 * width, base.1 + direction.1 * width);
        }
        let line = rounded(&line, 16.0);
        let (left, right) = line.iter().fold((f32::MAX, f32::MIN), |(l, r), p| (l.min(p.0), r.max(p.0)));
        let (top, bottom) = line.iter().fold((f32::MAX, f32::MIN), |(t, b), p| (t.min(p.1), b.max(p.1)));
        let bounds = Frame { x: left, y: top, width: right - left, height: bottom - top, radius: 0.0 };
        self.paint(bounds.bounds(width), color, |point| {
            let nearest = line
                .windows(2)
                .map(|ends| segment_distance(point, ends[0], ends[1]))
                .fold(f32::MAX, f32::min);
            covered(nearest - width / 2.0)
        });
        let half = 2.1 * width;
        let side = (-direction.1 * half, direction.0 * half);
        self.triangle([*tip, (base.0 + side.0, base.1 + side.1), (base.0 - side.0, base.1 - side.1)], color);
    }

    /// `corners` clockwise.
    fn triangle(&mut self, corners: [Point; 3], color: Color) {
        let [a, b, c] = corners;
        let left = a.0.min(b.0).min(c.0);
        let top = a.1.min(b.1).min(c.1);
        let bounds = Frame {
            x: left,
            y: top,
            width: a.0.max(b.0).max(c.0) - left,
            height: a.1.max(b.1).max(c.1) - top,
            radius: 0.0,
        };
        self.paint(bounds.bounds(1.0), color, |point| {
            let outside = [(a, b), (b, c), (c, a)].map(|(from, to)| {
                let along = unit(from, to);
                (point.0 - from.0) * along.1 - (point.1 - from.1) * along.0
            });
            covered(outside[0].max(outside[1]).max(outside[2]))
        });
    }

    /// One line of text; `at` is the left end of its base line.
    pub fn text(&mut self, at: Point, text: &str, style: Style<'_>) {
        let scale = PxScale::from(style.size);
        let font = style.font.as_scaled(scale);
        let mut x = at.0;
        for letter in text.chars() {
            let id = font.glyph_id(letter);
            if let Some(shape) = font.outline_glyph(id.with_scale_and_position(scale, point(x, at.1))) {
                let bounds = shape.px_bounds();
                shape.draw(|dx, dy, coverage| {
                    self.blend(
                        bounds.min.x as i64 + i64::from(dx),
                        bounds.min.y as i64 + i64::from(dy),
                        style.color,
                        coverage,
                    );
                });
            }
            x += font.h_advance(id);
        }
    }

    /// One line of text around `middle`, the middle of its base line.
    pub fn centered(&mut self, middle: Point, text: &str, style: Style<'_>) {
        let font = style.font.as_scaled(PxScale::from(style.size));
        let width: f32 = text.chars().map(|letter| font.h_advance(font.glyph_id(letter))).sum();
        self.text((middle.0 - width / 2.0, middle.1), text, style);
    }

    /// Colours each pixel within `bounds` as much as `coverage` of its middle says.
    fn paint(&mut self, bounds: [i64; 4], color: Color, coverage: impl Fn(Point) -> f32) {
        let [left, top, right, bottom] = bounds;
        for y in top.max(0)..bottom.min(i64::from(self.pixels.height())) {
            for x in left.max(0)..right.min(i64::from(self.pixels.width())) {
                self.blend(x, y, color, coverage((x as f32 + 0.5, y as f32 + 0.5)));
            }
        }
    }

    fn blend(&mut self, x: i64, y: i64, color: Color, coverage: f32) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        let Some(pixel) = self.pixels.get_pixel_mut_checked(x, y) else { return };
        let share = coverage.clamp(0.0, 1.0);
        for (old, new) in pixel.0.iter_mut().zip(color) {
            *old = (f32::from(*old) * (1.0 - share) + f32::from(new) * share + 0.5) as u8;
        }
    }
}

impl Frame {
    pub fn middle(self) -> Point {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// Below 0 inside.
    fn distance(self, at: Point) -> f32 {
        let middle = self.middle();
        let x = (at.0 - middle.0).abs() - (self.width / 2.0 - self.radius);
        let y = (at.1 - middle.1).abs() - (self.height / 2.0 - self.radius);
        length((x.max(0.0), y.max(0.0))) + x.max(y).min(0.0) - self.radius
    }

    /// The pixels that it touches, and `margin` more: left, top, right, bottom.
    fn bounds(self, margin: f32) -> [i64; 4] {
        [
            (self.x - margin).floor() as i64,
            (self.y - margin).floor() as i64,
            (self.x + self.width + margin).ceil() as i64,
            (self.y + self.height + margin).ceil() as i64,
        ]
    }
}

/// How much of a pixel an edge covers that is this far away.
fn covered(distance: f32) -> f32 {
    (0.5 - distance).clamp(0.0, 1.0)
}

fn length(v: Point) -> f32 {
    (v.0 * v.0 + v.1 * v.1).sqrt()
}

fn unit(from: Point, to: Point) -> Point {
    let v = (to.0 - from.0, to.1 - from.1);
    let length = length(v).max(f32::EPSILON);
    (v.0 / length, v.1 / length)
}

fn segment_distance(at: Point, from: Point, to: Point) -> f32 {
    let along = (to.0 - from.0, to.1 - from.1);
    let square = (along.0 * along.0 + along.1 * along.1).max(f32::EPSILON);
    let share = (((at.0 - from.0) * along.0 + (at.1 - from.1) * along.1) / square).clamp(0.0, 1.0);
    length((at.0 - from.0 - along.0 * share, at.1 - from.1 - along.1 * share))
}

/// The same line with each corner replaced by a curve.
fn rounded(points: &[Point], radius: f32) -> Vec<Point> {
    const STEPS: u8 = 8;
    let mut line = Vec::new();
    line.extend(points.first());
    for corner in points.windows(3) {
        let [from, at, to] = [corner[0], corner[1], corner[2]];
        let (back, ahead) = (unit(at, from), unit(at, to));
        for step in 0..=STEPS {
            let t = f32::from(step) / f32::from(STEPS);
            // a quadratic curve whose middle control point is the corner
            let (a, b) = ((1.0 - t) * (1.0 - t) * radius, t * t * radius);
            line.push((at.0 + back.0 * a + ahead.0 * b, at.1 + back.1 * a + ahead.1 * b));
        }
    }
    line.extend(points.last());
    line
}
