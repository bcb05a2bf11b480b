//! Writes `assets/measurements.csv`, the table that the example starts from. A test compares the
//! file with what this program writes; to renew the file, run
//! `cargo run --example invent-measurements`.

mod measurements;

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/measurements.csv"));
    std::fs::write(&file, measurements::table())?;
    println!("{}", file.display());
    Ok(())
}
