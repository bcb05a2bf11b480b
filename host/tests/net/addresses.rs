//! Hosts by address, and being one.

use std::net::{TcpListener, UdpSocket};

use plug_host::Limits;

use crate::servers::TcpServer;
use crate::support::run;
use crate::trial::Trial;

const NONE: [&str; 0] = [];

#[tokio::test]
async fn addresses_are_granted_by_what_they_are() {
    let mut trial = Trial::new().await;
    let (four, six) = (TcpServer::at("127.0.0.1:0"), TcpServer::at("[::1]:0"));
    let (to_four, to_six) = (format!("127.0.0.1:{}", four.port()), format!("[::1]:{}", six.port()));
    for (server, to) in [(&four, &to_four), (&six, &to_six)] {
        let command = format!("tcp {to} x");
        for lines in [
            String::new(),
            r#"net = ["*:*", "0.0.0.0/0:*", "[::/0]:*"]"#.to_owned(),
            format!(r#"net = ["{to}/udp"]"#),
            format!(r#"net = ["{}"]"#, to.replace(&server.port().to_string(), "1-1023")),
            r#"net = ["localhost:*"]"#.to_owned(),
        ] {
            assert_eq!(trial.run(&lines, &command).await, "denied PermissionDenied", "{lines}");
            assert!(trial.was_told(&format!("net={to}")), "{lines}");
            assert_eq!(server.heard(), NONE, "{lines}");
        }
        for lines in [format!(r#"net = ["{to}"]"#), r#""net:private" = ["*:*"]"#.to_owned()] {
            assert_eq!(trial.run(&lines, &command).await, "ok heard x", "{lines}");
            assert_eq!(server.heard(), ["x"], "{lines}");
        }
    }
    // the same address in other spellings, to a plugin that may use it
    let all = format!(r#"net = ["{to_four}", "127.0.0.1:*"]{}"#, "\n\"net:private\" = [\"*:*\"]");
    let port = four.port();
    for spelling in
        ["[::ffff:127.0.0.1]", "[::127.0.0.1]", "0.0.0.0", "[::]", "[::ffff:0.0.0.0]", "127.1", "2130706433"]
    {
        let outcome = trial.run(&all, &format!("tcp {spelling}:{port} x")).await;
        assert!(!outcome.starts_with("ok"), "{spelling}: {outcome}");
        assert_eq!((four.heard(), six.heard()), (vec![], vec![]), "{spelling}");
    }
    // not even tried, so that no network is needed
    let metadata = "tcp 169.254.169.254:80 x";
    assert_eq!(trial.run(r#"net = ["*:*"]"#, metadata).await, "denied PermissionDenied");
    assert_eq!(trial.denied(), ["net=169.254.169.254:80"]);
}

#[cfg(target_os = "linux")] // where all of 127.0.0.0/8 is this machine
#[tokio::test]
async fn a_range_ends_where_it_ends() {
    let mut trial = Trial::new().await;
    let (servers, port) = servers_on(["127.9.0.7", "127.9.0.8", "127.9.0.15", "127.9.0.16"]);
    let lines = format!(r#"net = ["127.9.0.8/29:{port}"]"#);
    let mut instance = trial.under(&lines).await;
    for (server, inside) in servers.iter().zip([false, true, true, false]) {
        let outcome = run(&mut instance, &format!("tcp {} x", server.address)).await;
        let expected = if inside { "ok heard x" } else { "denied PermissionDenied" };
        assert_eq!(outcome, expected, "{}", server.address);
        assert_eq!(server.heard().len(), usize::from(inside), "{}", server.address);
    }
}

/// Servers with the same port, which is free on all of the addresses.
fn servers_on<const N: usize>(addresses: [&str; N]) -> (Vec<TcpServer>, u16) {
    for _ in 0..20 {
        let first = TcpServer::at(&format!("{}:0", addresses[0]));
        let port = first.port();
        let others = addresses[1..].iter().map(|address| TcpServer::try_at(&format!("{address}:{port}")));
        if let Ok(others) = others.collect::<Result<Vec<_>, _>>() {
            return ([first].into_iter().chain(others).collect(), port);
        }
    }
    panic!("no port is free on all of {addresses:?}")
}

#[tokio::test]
async fn nobody_can_connect_to_a_plugin() {
    let mut trial = Trial::new().await;
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let all = r#""net:private" = ["*:*", "*:*/udp"]"#;
    for address in [format!("127.0.0.1:{port}"), format!("0.0.0.0:{port}"), "127.0.0.1:0".to_owned()] {
        for command in ["listen", "bind-udp"] {
            let outcome = trial.run(all, &format!("{command} {address}")).await;
            assert_eq!(outcome, "denied PermissionDenied", "{command} {address}");
            assert!(trial.was_told(&format!("net=be reached at {address}")));
        }
    }
    assert_eq!(trial.run(all, "listen 0.0.0.0:0").await, "denied PermissionDenied");
    // the port is free: it is ours to take
    TcpListener::bind(("127.0.0.1", port)).unwrap();
    UdpSocket::bind(("127.0.0.1", port)).unwrap();
}

#[tokio::test]
async fn open_sockets_are_counted() {
    let limits = Limits::default().sockets(3);
    let mut trial = Trial::wanting(&["net"], limits).await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = listener.local_addr().unwrap();
    let lines = format!(r#"net = ["{to}", "{to}/udp"]"#);
    let mut instance = trial.under(&lines).await;
    let mut other = trial.probe.fresh().await;
    assert_eq!(run(&mut instance, &format!("tcp-hold {to} 3")).await, "ok 3");
    for more in [format!("tcp-hold {to} 1"), format!("udp {to} x")] {
        let outcome = run(&mut instance, &more).await;
        assert!(outcome.starts_with("error "), "{more}: {outcome}");
    }
    assert_eq!(run(&mut other, &format!("tcp-hold {to} 3")).await, "ok 3", "each instance has its own");
    assert_eq!(run(&mut instance, "tcp-let-go").await, "ok");
    for _ in 0..3 {
        assert_eq!(run(&mut instance, &format!("udp {to} x")).await, "ok", "it is closed again");
    }
    assert_eq!(run(&mut instance, &format!("tcp-hold {to} 4")).await.split(' ').next(), Some("error"));
    assert_eq!(run(&mut instance, "tcp-held").await, "ok 3");
}
