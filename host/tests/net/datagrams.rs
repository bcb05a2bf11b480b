//! UDP.

use std::thread;

use crate::servers::UdpServer;
use crate::trial::Trial;

const NONE: [&str; 0] = [];

#[tokio::test]
async fn datagrams_go_where_they_are_granted_to_go() {
    let mut trial = Trial::new().await;
    for host in ["127.0.0.1", "[::1]"] {
        let server = UdpServer::at(&format!("{host}:0"));
        let to = format!("{host}:{}", server.port());
        let (told, outcome) = trial.follow_advice("", &format!("udp {to} hello")).await;
        assert_eq!((told, outcome.as_str()), (vec![format!("net={to}/udp")], "ok"));
        assert_eq!(server.heard(), ["hello"]);
        for lines in [
            String::new(),
            format!(r#"net = ["{to}"]"#),
            format!(r#"net = ["{host}:1-1023/udp"]"#),
            r#"net = ["*:*/udp"]"#.to_owned(),
        ] {
            for command in ["udp", "udp-connect"] {
                let outcome = trial.run(&lines, &format!("{command} {to} x")).await;
                assert_eq!(outcome, "denied PermissionDenied", "{command} {lines}");
                assert_eq!(server.heard(), NONE, "{command} {lines}");
            }
        }
    }
    let server = UdpServer::at("127.0.0.1:0");
    trial.names.lead("stats.internal", &[&["127.0.0.1"]]);
    let lines = format!(r#""net:private" = ["stats.internal:{}/udp"]"#, server.port());
    assert_eq!(trial.run(&lines, &format!("udp stats.internal:{} x", server.port())).await, "ok");
    assert_eq!(server.heard(), ["x"]);
    let mapped = format!("udp [::ffff:127.0.0.1]:{} x", server.port());
    let outcome = trial.run(r#""net:private" = ["*:*/udp"]"#, &mapped).await;
    assert!(!outcome.starts_with("ok"), "{outcome}");
    assert_eq!(server.heard(), NONE);
}

#[tokio::test]
async fn what_strangers_send_is_not_received() {
    let mut trial = Trial::new().await;
    for command in ["udp-ask", "udp-connect"] {
        let (server, stranger) = (UdpServer::at("127.0.0.1:0"), UdpServer::at("127.0.0.1:0"));
        let to = format!("127.0.0.1:{}", server.port());
        let lines = format!(r#"net = ["{to}/udp"]"#);
        let answering = thread::spawn(move || {
            let mut buffer = [0; 16];
            let (length, plugin) = server.0.recv_from(&mut buffer).unwrap();
            assert_eq!(&buffer[..length], b"ask");
            stranger.0.send_to(b"from a stranger", plugin).unwrap();
            server.0.send_to(b"answer", plugin).unwrap();
        });
        assert_eq!(trial.run(&lines, &format!("{command} {to} ask")).await, "ok answer", "{command}");
        answering.join().unwrap();
        assert_eq!(trial.denied(), NONE, "it is not the plugin's doing");
    }
}
