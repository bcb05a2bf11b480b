//! Hosts by name.

use crate::servers::TcpServer;
use crate::support::run;
use crate::trial::Trial;

const PUBLIC: &str = "93.184.216.34";

#[tokio::test]
async fn only_granted_names_are_looked_up() {
    let mut trial = Trial::new().await;
    let server = TcpServer::at("127.0.0.1:0");
    let port = server.port();
    trial.names.lead("db.internal", &[&["127.0.0.1"]]);
    let granted = format!(r#""net:private" = ["db.internal:{port}"]"#);
    let command = format!("tcp db.internal:{port} hello");
    assert_eq!(trial.run(&granted, &command).await, "ok heard hello");
    assert_eq!(
        (trial.names.asked(), server.heard()),
        (vec!["db.internal".to_owned()], vec!["hello".to_owned()])
    );
    assert_eq!(trial.run(&granted, "resolve DB.Internal.").await, "ok 127.0.0.1");
    assert_eq!(trial.names.asked(), ["db.internal"], "as it is compared");

    for lines in ["", r#"net = ["x.internal:*"]"#, r#"net = ["internal:*"]"#, r#"net = ["127.0.0.0/8:*"]"#] {
        assert_eq!(trial.run(lines, &command).await, "denied PermissionDenied", "{lines}");
        assert!(trial.was_told("net=db.internal:*"));
        assert_eq!(trial.run(lines, "resolve db.internal").await, "denied AccessDenied", "{lines}");
    }
    for text in ["127.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.0.0.1.", "a b", "*"] {
        let outcome = trial.run(r#""net:private" = ["*:*"]"#, &format!("resolve {text}")).await;
        assert_eq!(outcome, "error invalid-argument", "{text}");
        assert_eq!(trial.probe.denials(), [("net".to_owned(), format!("look up {text}"), None)]);
    }
    assert_eq!((trial.names.asked(), server.heard()), (vec![], vec![]), "nothing was looked up or reached");

    // what is an address already is given back as it is, and opens nothing
    let mut instance = trial.under("").await;
    assert_eq!(run(&mut instance, "resolve ::ffff:127.0.0.1").await, "ok 127.0.0.1");
    assert_eq!(run(&mut instance, &format!("tcp 127.0.0.1:{port} x")).await, "denied PermissionDenied");
    assert_eq!((trial.names.asked(), server.heard()), (vec![], vec![]));
    // a name of which nothing is known
    assert_eq!(trial.run(r#"net = ["*:*"]"#, "resolve none.example").await, "error name-unresolvable");
}

#[tokio::test]
async fn what_is_told_to_be_missing_is_what_is_missing() {
    let server = TcpServer::at("127.0.0.1:0");
    let port = server.port();
    let command = format!("tcp db.internal:{port} hello");
    let private = format!("net:private=db.internal:{port}");
    for (lines, missing) in [
        (String::new(), vec!["net=db.internal:*".to_owned(), "net:private=db.internal:*".to_owned()]),
        (format!(r#"net = ["*:{port}"]"#), vec![private.clone()]),
        (r#""net:private" = ["db.internal:1"]"#.to_owned(), vec![private.clone()]),
        (format!(r#""net:private" = ["db.internal:{port}/udp"]"#), vec![private]),
    ] {
        let mut trial = Trial::new().await;
        trial.names.lead("db.internal", &[&["127.0.0.1"]]);
        let (told, outcome) = trial.follow_advice(&lines, &command).await;
        assert_eq!((told, outcome.as_str()), (missing, "ok heard hello"), "{lines}");
        assert_eq!(server.heard(), ["hello"]);
    }
    let address = format!("tcp 127.0.0.1:{port} hello");
    let (told, outcome) = Trial::new().await.follow_advice("", &address).await;
    assert_eq!((told, outcome.as_str()), (vec![format!("net=127.0.0.1:{port}")], "ok heard hello"));

    // with a manifest that says which port, a lookup is told with it
    let mut trial = Trial::wanting(&[&format!("net=db.internal:{port}")], Default::default()).await;
    trial.names.lead("db.internal", &[&["127.0.0.1"]]);
    let (told, outcome) = trial.follow_advice("", &command).await;
    let expected = [format!("net=db.internal:{port}"), format!("net:private=db.internal:{port}")];
    assert_eq!((told, outcome.as_str()), (expected.to_vec(), "ok heard hello"));
}

#[tokio::test]
async fn a_name_does_not_lead_into_the_house() {
    let mut trial = Trial::new().await;
    let server = TcpServer::at("127.0.0.1:0");
    let port = server.port();
    let (public, private) =
        (format!(r#"net = ["evil.example:{port}"]"#), format!(r#""net:private" = ["evil.example:{port}"]"#));
    for address in ["127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "10.0.0.1", "169.254.169.254"]
    {
        trial.names.lead("evil.example", &[&[address]]);
        assert_eq!(trial.run(&public, "resolve evil.example").await, "denied AccessDenied", "{address}");
        assert!(trial.was_told(&format!("net:private=evil.example:{port}")), "{address}");
        assert!(trial.run(&private, "resolve evil.example").await.starts_with("ok "), "{address}");
    }
    trial.names.lead("evil.example", &[&["0.0.0.0"]]);
    assert_eq!(trial.run(&private, "resolve evil.example").await, "denied AccessDenied");
    // the rest of the answer is left
    trial.names.lead("evil.example", &[&["127.0.0.1", PUBLIC, "::1", "2606:4700::1111"]]);
    let kept = format!("ok {PUBLIC},2606:4700::1111");
    assert_eq!(trial.run(&public, "resolve evil.example").await, kept);

    // it leads elsewhere the second time
    let command = format!("tcp evil.example:{port} x");
    for (lines, outcome) in [(&public, "denied PermissionDenied"), (&private, "ok heard x")] {
        trial.names.lead("evil.example", &[&[PUBLIC], &["127.0.0.1"]]);
        let mut instance = trial.under(lines).await;
        assert_eq!(run(&mut instance, "resolve evil.example").await, format!("ok {PUBLIC}"));
        assert_eq!(run(&mut instance, &command).await, outcome);
        let heard = server.heard();
        assert_eq!(heard.len(), usize::from(outcome.starts_with("ok")), "{heard:?}");
    }
}

#[tokio::test]
async fn an_address_opens_only_to_the_instance_that_was_led_there() {
    let mut trial = Trial::new().await;
    let server = TcpServer::at("127.0.0.1:0");
    let other = TcpServer::at("127.0.0.1:0");
    trial.names.lead("db.internal", &[&["127.0.0.1"]]);
    let lines = format!(r#""net:private" = ["db.internal:{}"]"#, server.port());
    let mut led = trial.under(&lines).await;
    let mut not_led = trial.probe.fresh().await;
    let command = format!("tcp 127.0.0.1:{} x", server.port());
    assert_eq!(run(&mut led, &command).await, "denied PermissionDenied", "before it was led there");
    assert_eq!(trial.denied(), [format!("net=127.0.0.1:{}", server.port())]);
    assert_eq!(run(&mut led, "resolve db.internal").await, "ok 127.0.0.1");
    assert_eq!(run(&mut not_led, &command).await, "denied PermissionDenied");
    assert_eq!(server.heard(), Vec::<String>::new());
    assert_eq!(run(&mut led, &command).await, "ok heard x");
    assert_eq!(server.heard(), ["x"]);
    assert_eq!(run(&mut led, &format!("tcp 127.0.0.1:{} x", other.port())).await, "denied PermissionDenied");
    assert_eq!(trial.denied(), [format!("net:private=db.internal:{}", other.port())]);
    assert_eq!(other.heard(), Vec::<String>::new());
}
