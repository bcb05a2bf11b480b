//! Sizes, times and numbers.

use std::time::{Duration, Instant};

use plug_host::{Limits, MIB};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::names::Names;
use crate::server::Server;
use crate::support::run;
use crate::{granted, limited, probe_with};

fn limits() -> Limits {
    Limits::default().deadline(Duration::from_secs(20))
}

#[tokio::test]
async fn a_response_is_no_larger_than_it_may_be() {
    let server = Server::start().await;
    let (_probe, mut instance) = limited(&server, limits().http_response_bytes(1000)).await;
    for (path, outcome) in [
        ("/bytes/1000", "ok 1000"),
        ("/chunks/10", "ok 1000"),
        // it says so itself
        ("/bytes/1001", "error HttpResponseBodySize(Some(1000))"),
        // it does not
        ("/chunks/11", "error HttpResponseBodySize(Some(1000)) after 1000"),
    ] {
        assert_eq!(run(&mut instance, &format!("http-count {}", server.url(path))).await, outcome, "{path}");
    }
    // what comes is as large as what was sent at once
    let endless = run(&mut instance, &format!("http-count {}", server.url("/chunks/1000000"))).await;
    assert!(endless.starts_with("error HttpResponseBodySize(Some(1000)) after "), "{endless}");
    // what is not read keeps no connection
    server.has_open(0).await;
}

#[tokio::test]
async fn a_request_is_no_larger_than_it_may_be() {
    let server = Server::start().await;
    let (_probe, mut instance) = limited(&server, limits().http_request_bytes(1000)).await;
    let upload = async |instance: &mut _, bytes: usize| {
        run(instance, &format!("http-upload {bytes} {}", server.url("/echo"))).await
    };
    assert_eq!(upload(&mut instance, 1000).await, format!("ok 200 {}", "x".repeat(1000)));
    for bytes in [1001, 4 * MIB] {
        assert_eq!(upload(&mut instance, bytes).await, "error HttpRequestBodySize(Some(1000))", "{bytes}");
    }
    // one that says so itself does not even begin: the next one is the fourth to connect
    let declared = run(&mut instance, &format!("http-declare 1001 {}", server.url("/echo"))).await;
    assert_eq!(declared, "error HttpRequestBodySize(Some(1000))");
    assert_eq!(run(&mut instance, &format!("http GET {}", server.url("/"))).await, "ok 200 hello");
    assert_eq!(server.connections(), 4);
}

#[tokio::test]
async fn what_takes_too_long_is_given_up() {
    let server = Server::start().await;
    let short = Duration::from_millis(200);
    let first_byte = limits().http_first_byte_timeout(short);
    let forever = limits()
        .http_total_timeout(Duration::MAX)
        .http_connect_timeout(Duration::MAX)
        .http_first_byte_timeout(Duration::MAX);
    // more than there is, in milliseconds
    const LONG: &str = "18446744073";
    for (limits, tries) in [
        (
            first_byte.http_total_timeout(short * 2),
            [
                ("http GET URL/silent", "error ConnectionReadTimeout"),
                ("http-within - LONG - URL/silent", "error ConnectionReadTimeout"),
                // it begins when the request is sent, so only all of it together takes too long
                ("http-unfinished URL/echo", "error HttpResponseTimeout"),
            ],
        ),
        (
            limits().http_total_timeout(short),
            [
                ("http GET URL/silent", "error HttpResponseTimeout"),
                ("http-within LONG LONG LONG URL/silent", "error HttpResponseTimeout"),
                // a response that never ends
                ("http-count URL/endless", "error HttpResponseTimeout after "),
            ],
        ),
        (
            forever,
            [
                // the plugin's own times, which are lower
                ("http-within - 200 - URL/silent", "error ConnectionReadTimeout"),
                ("http-within - - 200 URL/hold", "error ConnectionReadTimeout"),
                ("http-within - - 200 URL/late", "ok 200 late"),
            ],
        ),
    ] {
        let (_probe, mut instance) = limited(&server, limits).await;
        for (command, outcome) in tries {
            let begun = Instant::now();
            let command = command.replace("LONG", LONG).replace("URL", &server.url(""));
            let answer = run(&mut instance, &command).await;
            let took = begun.elapsed();
            assert!(answer.starts_with(outcome), "{command}: {answer}");
            assert!(took >= short && took < Duration::from_secs(10), "{command} took {took:?}");
            server.has_open(0).await;
        }
    }
}

/// A listener with which no connection comes about, as nobody accepts those that wait already.
async fn full() -> (TcpListener, Vec<TcpStream>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = timeout(Duration::from_millis(300), TcpStream::connect(address)).await {
        waiting.push(stream.unwrap());
        assert!(waiting.len() < 100, "it takes any number");
    }
    (listener, waiting)
}

#[tokio::test]
async fn a_connection_that_does_not_come_about_is_given_up() {
    let (listener, _waiting) = full().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, silent_port) = (listener.local_addr().unwrap().port(), silent.local_addr().unwrap().port());
    let limits = limits().http_connect_timeout(Duration::from_millis(200));
    let mut probe = probe_with(&Names::none(), |host| host.limits(limits)).await;
    let mut instance =
        granted(&mut probe, &["http://127.0.0.1:*", "https://127.0.0.1:*", "http://silent.example"]).await;
    for (url, outcome) in [
        (format!("http://127.0.0.1:{port}/"), "error ConnectionTimeout"),
        // a server that says nothing when TLS begins
        (format!("https://127.0.0.1:{silent_port}/"), "error ConnectionTimeout"),
        // a name that nobody can say anything about
        ("http://silent.example/".to_owned(), "error DnsTimeout"),
    ] {
        let begun = Instant::now();
        assert_eq!(run(&mut instance, &format!("http GET {url}")).await, outcome, "{url}");
        let took = begun.elapsed();
        assert!(took >= Duration::from_millis(200) && took < Duration::from_secs(10), "{url} took {took:?}");
    }
    // nobody there at all
    drop(silent);
    let closed = format!("http GET http://127.0.0.1:{silent_port}/");
    assert_eq!(run(&mut instance, &closed).await, "error ConnectionRefused");
    let unknown = run(&mut instance, "http GET http://silent.example:81/").await;
    assert_eq!(unknown, "denied HttpRequestDenied");
}

#[tokio::test]
async fn no_more_requests_are_in_flight_than_there_may_be() {
    let server = Server::start().await;
    let (_probe, mut instance) = limited(&server, limits().sockets(2)).await;
    let many = format!("http-many 3 {}", server.url("/late"));
    assert_eq!(run(&mut instance, &many).await, "ok 200 late,ConnectionLimitReached");
    assert_eq!(server.connections(), 2);
    // their places are free again
    assert_eq!(run(&mut instance, &many.replace(" 3 ", " 2 ")).await, "ok 200 late");
    assert_eq!(server.connections(), 4);
    server.has_open(0).await;
}

#[tokio::test]
async fn the_end_of_an_instance_is_the_end_of_its_connections() {
    let server = Server::start().await;
    let (_probe, mut instance) = limited(&server, limits()).await;
    assert_eq!(run(&mut instance, &format!("http-hold {}", server.url("/hold"))).await, "ok 200");
    server.has_open(1).await;
    drop(instance);
    server.has_open(0).await;
}
