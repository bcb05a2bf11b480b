//! Changes while a plugin runs, and where it runs.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::thread;
use std::time::Duration;

use plug_host::TrapKind;

use crate::servers::{TcpServer, UdpServer};
use crate::support::{attempt, grant, run};
use crate::trial::Trial;

#[tokio::test]
async fn a_connection_ends_when_its_grant_is_revoked() {
    // what ends the connection is not the end of the instance
    let mut trial = Trial::with_slow_ticks().await;
    for revoked in [false, true] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let to = listener.local_addr().unwrap();
        let mut instance = trial.under(&format!(r#"net = ["{to}"]"#)).await;
        let manager = trial.probe.host.capabilities().clone();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            let mut heard = [0; 5];
            stream.read_exact(&mut heard).unwrap();
            if revoked {
                manager.revoke("probe", &grant(&format!("net={to}")), "to see it end").unwrap();
            }
            stream.write_all(b".").unwrap();
            let mut rest = String::new();
            let _ = stream.read_to_string(&mut rest);
            (String::from_utf8_lossy(&heard).into_owned(), rest)
        });
        let outcome = attempt(&mut instance, &format!("tcp-twice {to} first second")).await;
        if revoked {
            // it is as if the other side had closed, unless the instance is ended before that is seen
            match outcome {
                Err(error) => {
                    let kind = error.as_trap().map(|trap| trap.kind());
                    assert!(matches!(kind, Some(TrapKind::Revoked)), "{error:?}");
                }
                Ok(outcome) => assert!(!outcome.starts_with("ok"), "{outcome}"),
            }
        } else {
            assert_eq!(outcome.unwrap(), "ok");
        }
        drop(instance);
        let second = if revoked { "" } else { "second" };
        assert_eq!(server.join().unwrap(), ("first".to_owned(), second.to_owned()), "revoked: {revoked}");
    }
}

#[tokio::test]
async fn what_is_revoked_is_not_there_for_the_next_call() {
    let mut trial = Trial::new().await;
    let server = TcpServer::at("127.0.0.1:0");
    let to = format!("127.0.0.1:{}", server.port());
    let manager = trial.probe.host.capabilities().clone();
    let mut instance = trial.under(&format!(r#"net = ["{to}"]"#)).await;
    assert_eq!(run(&mut instance, &format!("tcp {to} x")).await, "ok heard x");
    assert_eq!(server.heard(), ["x"]);
    manager.revoke("probe", &grant(&format!("net={to}")), "a test").unwrap();
    match attempt(&mut instance, &format!("tcp {to} y")).await {
        Ok(outcome) => assert!(!outcome.starts_with("ok"), "{outcome}"),
        Err(error) => assert!(error.to_string().contains("revoked"), "{error}"),
    }
    let mut fresh = trial.probe.fresh().await;
    assert_eq!(run(&mut fresh, &format!("tcp {to} y")).await, "denied PermissionDenied");
    assert_eq!(server.heard(), Vec::<String>::new());
    manager.grant("probe", grant(&format!("net={to}")), "a test").unwrap();
    assert_eq!(
        run(&mut fresh, &format!("tcp {to} y")).await,
        "denied PermissionDenied",
        "with the next instance"
    );
    let mut fresh = trial.probe.fresh().await;
    assert_eq!(run(&mut fresh, &format!("tcp {to} y")).await, "ok heard y");
    assert_eq!(server.heard(), ["y"]);
}

#[test]
fn a_runtime_without_io_is_enough() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let mut trial = Trial::new().await;
        let (tcp, udp) = (TcpServer::at("127.0.0.1:0"), UdpServer::at("127.0.0.1:0"));
        trial.names.lead("db.internal", &[&["127.0.0.1"]]);
        let lines =
            format!(r#""net:private" = ["db.internal:{}", "db.internal:{}/udp"]"#, tcp.port(), udp.port());
        let mut instance = trial.probe.under(Path::new("/"), &lines).await;
        let big = "x".repeat(1 << 20);
        let outcome = run(&mut instance, &format!("tcp db.internal:{} {big}", tcp.port())).await;
        assert_eq!(outcome.len(), "ok heard ".len() + big.len());
        assert_eq!(run(&mut instance, &format!("udp db.internal:{} x", udp.port())).await, "ok");
        assert_eq!((tcp.heard().len(), udp.heard()), (1, vec!["x".to_owned()]));
    });
}
