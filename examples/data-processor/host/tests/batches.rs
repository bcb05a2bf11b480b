//! Whole runs of the program, with the real plugin.

use std::process::{Command, Output};

use built_plugins::built_plugin;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/measurements.csv");

fn run(table: &str, plugin: &str, rest: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_data-processor"));
    program.arg(table).arg("--plugin").arg(built_plugin(plugin)).args(rest).env_remove("RUST_LOG");
    program.output().unwrap()
}

fn said(run: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&run.stdout), text(&run.stderr))
}

/// The last field of each row, as a number if it is one.
fn temperatures() -> Vec<Option<f64>> {
    let table = std::fs::read_to_string(TABLE).unwrap();
    let number = |row: &str| {
        let fields: Vec<_> = row.split(',').collect();
        if fields.len() == 4 { fields[3].parse().ok() } else { None }
    };
    table.lines().skip(1).map(number).collect()
}

#[test]
fn every_batch_is_answered_and_announced() {
    let run = run(TABLE, "data-stats", &["--batch", "200"]);
    let (out, err) = said(&run);
    assert!(run.status.success(), "{err}");
    let lines: Vec<_> = out.lines().collect();
    let rows = temperatures();
    assert_eq!(lines.len(), 2 * rows.len().div_ceil(200), "{out}");
    for (place, batch) in rows.chunks(200).enumerate() {
        let numbers: Vec<f64> = batch.iter().flatten().copied().collect();
        let (rows, faults) = (batch.len(), batch.len() - numbers.len());
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        let min = numbers.iter().copied().fold(f64::MAX, f64::min);
        let max = numbers.iter().copied().fold(f64::MIN, f64::max);
        let line = 2 + 200 * place;
        let answer =
            format!("line {line}: {rows} rows, {faults} faults: min {min:.2}, mean {mean:.2}, max {max:.2}");
        assert_eq!(lines[2 * place], answer);
        let event = format!(r#"  event batch-done of data-stats: {{"rows": {rows}, "faults": {faults}, "#);
        assert!(lines[2 * place + 1].starts_with(&event), "{}", lines[2 * place + 1]);
    }
}

#[test]
fn every_fault_is_logged_with_its_line() {
    let (_, err) = said(&run(TABLE, "data-stats", &["--batch", "77"]));
    let rows = temperatures();
    let faults: Vec<_> =
        rows.iter().enumerate().filter(|(_, row)| row.is_none()).map(|(at, _)| at + 2).collect();
    let logged: Vec<usize> = err
        .lines()
        .filter_map(|line| line.trim().strip_prefix("WARN line ")?.split_once(':')?.0.parse().ok())
        .collect();
    assert!(faults.len() > 10);
    assert_eq!(logged, faults, "{err}");
}

#[test]
fn the_configuration_chooses_column_and_delimiter() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("table.csv");
    std::fs::write(&table, "a;b\n1;9\n3;9\n").unwrap();
    let run =
        run(table.to_str().unwrap(), "data-stats", &["--config", "column=a", "--config", "delimiter=;"]);
    let (out, err) = said(&run);
    assert!(out.starts_with("line 2: 2 rows, 0 faults: min 1.00, mean 2.00, max 3.00\n"), "{out}{err}");
}

#[test]
fn a_configuration_that_cannot_be_used_is_refused() {
    let run = run(TABLE, "data-stats", &["--config", "delimiter=tab"]);
    let (out, err) = said(&run);
    assert_eq!((run.status.code(), out.as_str()), (Some(3), ""));
    assert!(
        err.contains("plugin `data-stats` refused to start: the config key `delimiter` is `tab`"),
        "{err}"
    );
    assert!(err.contains("PLG0506"), "{err}");
}

#[test]
fn a_column_that_is_not_there_ends_the_run() {
    let run = run(TABLE, "data-stats", &["--config", "column=pressure"]);
    let (_, err) = said(&run);
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(
        err,
        "error: plugin `data-stats` could not: there is no column `pressure`; there are `time`, `station`, \
         `humidity`, `temperature`\n"
    );
}

#[test]
fn a_plugin_or_a_table_that_does_not_do_is_named() {
    let refused = run(TABLE, "grayscale", &[]);
    let (_, err) = said(&refused);
    assert_eq!(refused.status.code(), Some(3));
    assert!(
        err.contains("plugin `grayscale`")
            && err.contains("does not fit")
            && err.contains("plug:plugin/processor@1"),
        "{err}"
    );
    let missing = run("no/such.csv", "data-stats", &[]);
    let (_, err) = said(&missing);
    assert_eq!(missing.status.code(), Some(1));
    assert!(err.starts_with("error: the table no/such.csv cannot be read\n  because: "), "{err}");
}
