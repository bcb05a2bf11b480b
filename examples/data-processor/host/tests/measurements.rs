//! The table in `assets` is the one that the example `invent-measurements` writes.

#[path = "../examples/invent-measurements/measurements.rs"]
mod measurements;

#[test]
fn the_file_is_what_is_invented() {
    let file = include_str!("../../assets/measurements.csv");
    let same = file == measurements::table();
    assert!(same, "`cargo run --example invent-measurements` renews the file");
}
