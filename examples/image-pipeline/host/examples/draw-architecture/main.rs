//! Draws `assets/architecture.png`, the picture that the examples and the demo start from.
//! A test compares the file with what this program draws; to renew the file, run
//! `cargo run --example draw-architecture`.

mod canvas;
mod diagram;

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};

fn main() -> Result<(), Box<dyn Error>> {
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/architecture.png"));
    let out = BufWriter::new(File::create(&file)?);
    let encoder = PngEncoder::new_with_quality(out, CompressionType::Best, FilterType::NoFilter);
    diagram::architecture()?.write_with_encoder(encoder)?;
    println!("{}", file.display());
    Ok(())
}
