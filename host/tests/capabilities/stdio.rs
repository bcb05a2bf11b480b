//! `stdio`: into the log by line, or closed.

use std::path::Path;

use crate::lines::listen;
use crate::support::{ALL, Probe, attempt, run};

const WAYS: [&str; 4] = ["stdout", "stderr", "println", "eprintln"];

#[tokio::test]
async fn what_is_printed_is_in_the_log_unless_it_is_closed() {
    let (lines, _guard) = listen();
    let mut probe = Probe::wanting(&ALL).await;
    let mut instance = probe.under(Path::new(""), "stdio = \"log\"").await;
    for way in WAYS {
        assert_eq!(run(&mut instance, &format!("{way} open-{way}")).await, "ok");
    }
    let seen: Vec<_> = lines.of_plugins().into_iter().map(|line| (line.stream, line.message)).collect();
    let of = |way: &str, stream: &str| (stream.to_owned(), format!("open-{way}"));
    assert_eq!(
        seen,
        [of("stdout", "stdout"), of("stderr", "stderr"), of("println", "stdout"), of("eprintln", "stderr")]
    );

    let printed = || lines.of_plugins().iter().filter(|line| !line.stream.is_empty()).count();
    assert_eq!(printed(), WAYS.len());
    for closed in ["stdio = \"closed\"", "stdio = \"closed\"\nlog = false"] {
        for way in ["stdout", "stderr"] {
            let mut instance = probe.under(Path::new(""), closed).await;
            assert_eq!(run(&mut instance, &format!("{way} unseen")).await, "error BrokenPipe", "{way}");
        }
        // the macros of the standard library panic at that
        for way in ["println", "eprintln"] {
            let mut instance = probe.under(Path::new(""), closed).await;
            let error = attempt(&mut instance, &format!("{way} unseen")).await.unwrap_err();
            assert_eq!(error.code(), "PLG0601", "{error}");
        }
    }
    assert_eq!(printed(), WAYS.len(), "{:?}", lines.of_plugins());
}

#[tokio::test]
async fn a_panic_is_told_of_though_standard_error_is_closed() {
    let (lines, _guard) = listen();
    let mut probe = Probe::wanting(&ALL).await;
    let mut instance = probe.under(Path::new(""), "stdio = \"closed\"").await;
    let error = attempt(&mut instance, "panic at the disco").await.unwrap_err();
    let trap = error.as_trap().unwrap_or_else(|| panic!("{error:?}"));
    assert_eq!(trap.code(), "PLG0601");
    // by the log, which is granted still
    assert!(
        lines.of_plugins().iter().any(|line| line.message.contains("at the disco")),
        "{:?}",
        lines.of_plugins()
    );
    let mut instance = probe.under(Path::new(""), "stdio = \"closed\"\nlog = false").await;
    let before = lines.of_plugins().len();
    let error = attempt(&mut instance, "panic at the disco").await.unwrap_err();
    assert_eq!(error.code(), "PLG0601");
    assert_eq!(lines.of_plugins().len(), before, "{:?}", lines.of_plugins());
}

#[tokio::test]
async fn standard_input_is_at_its_end() {
    let mut probe = Probe::wanting(&ALL).await;
    let mut instance = probe.under(Path::new(""), "stdio = \"log\"").await;
    assert_eq!(run(&mut instance, "stdin").await, "ok");
}

#[tokio::test]
async fn a_want_for_less_gets_less() {
    let (lines, _guard) = listen();
    let mut probe = Probe::wanting(&["stdio=closed"]).await;
    let mut instance = probe.under(Path::new(""), "stdio = \"log\"").await;
    run(&mut instance, "stderr hello").await;
    assert!(lines.of_plugins().is_empty(), "{:?}", lines.of_plugins());
}
