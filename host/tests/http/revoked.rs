//! What was granted, and is not any more.

use std::time::{Duration, Instant};

use plug_host::{CallError, TrapKind};

use crate::names::Names;
use crate::server::Server;
use crate::support::{attempt, grant, run};
use crate::{granted, probe};

fn is_revoked(outcome: &Result<String, CallError>) -> bool {
    let trap = outcome.as_ref().err().and_then(CallError::as_trap);
    trap.is_some_and(|trap| *trap.kind() == TrapKind::Revoked)
}

#[tokio::test]
async fn a_revocation_ends_what_is_open() {
    let server = Server::start().await;
    let mut probe = probe(&Names::none()).await;
    let mut instance = granted(&mut probe, &[&server.url("")]).await;
    assert_eq!(run(&mut instance, &format!("http-hold {}", server.url("/hold"))).await, "ok 200");
    assert_eq!(run(&mut instance, "http-read-held").await, "ok hold");
    let manager = probe.host.capabilities();
    manager.revoke("probe", &grant(&format!("http={}", server.url(""))), "enough").unwrap();
    // neither the plugin nor the server does anything
    server.has_open(0).await;
    let outcome = attempt(&mut instance, "http-read-held").await;
    assert!(is_revoked(&outcome), "{outcome:?}");
    // the next one is without
    let mut instance = probe.fresh().await;
    let outcome = run(&mut instance, &format!("http GET {}", server.url("/"))).await;
    assert_eq!(outcome, "denied HttpRequestDenied");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_revocation_reaches_a_call_that_waits() {
    let server = Server::start().await;
    let mut probe = probe(&Names::none()).await;
    for command in ["http GET URL/silent", "http-count URL/hold"] {
        let mut instance = granted(&mut probe, &[&server.url("")]).await;
        let command = command.replace("URL", &server.url(""));
        let manager = probe.host.capabilities();
        let revoked = async {
            server.has_open(1).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
            manager.revoke("probe", &grant(&format!("http={}", server.url(""))), "enough").unwrap();
        };
        let begun = Instant::now();
        let (outcome, ()) = tokio::join!(attempt(&mut instance, &command), revoked);
        assert!(begun.elapsed() < Duration::from_secs(10), "it waited for the server");
        // it is told, or ended before it hears of it
        match &outcome {
            Ok(text) => assert!(text.contains("HttpRequestDenied"), "{text}"),
            Err(_) => assert!(is_revoked(&outcome), "{outcome:?}"),
        }
        server.has_open(0).await;
    }
}

#[tokio::test]
async fn a_grant_comes_with_the_next_instance() {
    let server = Server::start().await;
    let mut probe = probe(&Names::none()).await;
    let mut before = granted(&mut probe, &[]).await;
    let command = format!("http GET {}", server.url("/"));
    let manager = probe.host.capabilities();
    manager.grant("probe", grant(&format!("http={}", server.url(""))), "asked for").unwrap();
    assert_eq!(run(&mut before, &command).await, "denied HttpRequestDenied");
    let mut after = probe.fresh().await;
    assert_eq!(run(&mut after, &command).await, "ok 200 hello");
    assert_eq!(server.connections(), 1);
}
