//! By scheme, host and port, whatever the spelling.

use std::path::Path;

use plug_host::policy::Capability;
use tokio::runtime::Builder;

use crate::names::Names;
use crate::server::Server;
use crate::support::{Probe, artifact, host, run};
use crate::{advised, granted, probe};

/// The answer to a request that arrived.
const HELLO: &str = "ok 200 hello";
const DENIED: &str = "denied HttpRequestDenied";

#[tokio::test]
async fn what_is_granted_arrives_and_nothing_else() {
    let server = Server::start().await;
    let names = Names::none();
    for name in ["api.example", "sub.api.example", "other.example"] {
        names.lead(name, &["127.0.0.1"]);
    }
    let port = server.port();
    let mut probe = probe(&names).await;
    let url = |text: &str| text.replace("PORT", &port.to_string());
    for (grants, address, arrives) in [
        // the host as an address
        ("http = ['http://127.0.0.1:PORT']", "http://127.0.0.1:PORT/x", true),
        ("http = ['http://127.0.0.1:*']", "http://127.0.0.1:PORT/x", true),
        ("http = ['http://127.0.0.1:PORT']", "http://[::ffff:127.0.0.1]:PORT/x", true),
        ("http = ['http://127.0.0.2:PORT']", "http://127.0.0.1:PORT/x", false),
        ("", "http://127.0.0.1:PORT/x", false),
        // the port
        ("http = ['http://127.0.0.1']", "http://127.0.0.1:PORT/x", false),
        ("http = ['http://127.0.0.1:1']", "http://127.0.0.1:PORT/x", false),
        // the scheme
        ("http = ['https://127.0.0.1:PORT']", "http://127.0.0.1:PORT/x", false),
        // another capability
        ("net = ['127.0.0.1:PORT']", "http://127.0.0.1:PORT/x", false),
        // the host as a name
        ("\"http:private\" = ['http://api.example:PORT']", "http://api.example:PORT/x", true),
        ("\"http:private\" = ['http://api.example:PORT']", "http://API.Example.:PORT/x", true),
        ("\"http:private\" = ['http://*.example:PORT']", "http://sub.api.example:PORT/x", true),
        ("\"http:private\" = ['http://*:PORT']", "http://other.example:PORT/x", true),
        ("\"http:private\" = ['http://api.example:PORT']", "http://other.example:PORT/x", false),
        ("\"http:private\" = ['http://api.example:PORT']", "http://sub.api.example:PORT/x", false),
        ("\"http:private\" = ['http://*.api.example:PORT']", "http://api.example:PORT/x", false),
        ("\"http:private\" = ['http://api.example:PORT']", "http://api.example/x", false),
        // a name is not its address, nor the other way round
        ("\"http:private\" = ['http://api.example:PORT']", "http://127.0.0.1:PORT/x", false),
        ("http = ['http://127.0.0.1:PORT']", "http://api.example:PORT/x", false),
        // both together are
        ("http = ['http://127.0.0.1:PORT', 'http://api.example:PORT']", "http://api.example:PORT/x", true),
        // a name that leads to this machine, without that being granted
        ("http = ['http://api.example:PORT']", "http://api.example:PORT/x", false),
        ("http = ['http://*:PORT']", "http://api.example:PORT/x", false),
    ] {
        let before = server.connections();
        let mut instance = probe.under(Path::new("/"), &url(grants)).await;
        let outcome = run(&mut instance, &format!("http GET {}", url(address))).await;
        assert_eq!(outcome, if arrives { HELLO } else { DENIED }, "{address} with {grants}");
        assert_eq!(server.connections(), before + usize::from(arrives), "{address} with {grants}");
        if !arrives {
            let tried = url(address.trim_end_matches("/x"));
            let tried = if tried.ends_with("example") { format!("{tried}:80") } else { tried };
            let told = probe.host.capabilities().denied("probe");
            assert!(told.iter().any(|record| record.access == tried), "{tried} with {grants}: {told:?}");
        }
    }
}

#[tokio::test]
async fn no_spelling_of_this_machine_is_a_public_host() {
    let server = Server::start().await;
    let names = Names::none();
    names.lead("localhost", &["127.0.0.1", "::1"]);
    names.lead("nat64.example", &["64:ff9b::7f00:1"]);
    names.lead("mapped.example", &["::ffff:127.0.0.1"]);
    names.lead("unspecified.example", &["0.0.0.0", "::"]);
    let mut probe = probe(&names).await;
    let any = format!("http://*:{}", server.port());
    let mut instance = granted(&mut probe, &[&any]).await;
    for host in [
        "127.0.0.1",
        "127.0.0.2",
        "127.1",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "2130706433",
        "127.0.0.1.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "0.0.0.0",
        "0",
        "[::]",
        "localhost",
        "localhost.",
        "nat64.example",
        "mapped.example",
        "unspecified.example",
    ] {
        let outcome = run(&mut instance, &format!("http GET {}", server.url_as(host, "/"))).await;
        assert_eq!(outcome, DENIED, "{host}");
    }
    assert_eq!(server.connections(), 0);
    assert_eq!(
        names.asked(),
        ["localhost", "localhost", "nat64.example", "mapped.example", "unspecified.example"],
        "no resolver is asked for what it would take for an address"
    );
    // and with that granted
    let mut instance = probe.under(Path::new("/"), &format!("\"http:private\" = [\"{any}\"]")).await;
    for host in ["127.0.0.1", "localhost", "mapped.example"] {
        let outcome = run(&mut instance, &format!("http GET {}", server.url_as(host, "/"))).await;
        assert_eq!(outcome, HELLO, "{host}");
    }
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn the_line_that_the_operator_is_told_allows_it() {
    let server = Server::start().await;
    let names = Names::none();
    names.lead("api.example", &["127.0.0.1"]);
    let mut probe = probe(&names).await;
    let by_name = format!("http://api.example:{}", server.port());
    for (grants, url, capability, access) in [
        (vec![], server.url("/"), Capability::Http, server.url("")),
        (vec![by_name.as_str()], server.url_as("api.example", "/"), Capability::HttpPrivate, by_name.clone()),
    ] {
        let mut instance = granted(&mut probe, &grants).await;
        let command = format!("http GET {url}");
        assert_eq!(run(&mut instance, &command).await, DENIED);
        let denials = probe.denials();
        let [(denied, told, Some(advice))] = &denials[..] else { panic!("{denials:?}") };
        assert_eq!((denied.as_str(), told), (capability.to_string().as_str(), &access));
        let before = server.connections();
        let mut instance = advised(&mut probe, advice).await;
        assert_eq!(run(&mut instance, &command).await, HELLO, "{advice}");
        assert_eq!(server.connections(), before + 1);
    }
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_the_next_time_is_of_no_use() {
    // two hosts at the same port, of which one is granted
    let server = Server::start().await;
    let inner = Server::on(&format!("127.0.0.2:{}", server.port())).await;
    let names = Names::none();
    let mut probe = probe(&names).await;
    let grants = [server.url_as("api.example", ""), server.url("")];
    let command = format!("http GET {}", server.url_as("api.example", "/"));

    names.lead_in_turn("api.example", &[&["127.0.0.1"], &["127.0.0.2"]]);
    let mut instance = granted(&mut probe, &[&grants[0], &grants[1]]).await;
    assert_eq!(run(&mut instance, &command).await, HELLO);
    assert_eq!(names.asked(), ["api.example"], "what was checked is what was connected to");
    assert_eq!(run(&mut instance, &command).await, DENIED);
    assert_eq!(names.asked(), ["api.example"]);

    // of several addresses those that may be used
    names.lead("api.example", &["127.0.0.2", "127.0.0.1"]);
    assert_eq!(run(&mut instance, &command).await, HELLO);
    assert_eq!((server.connections(), inner.connections()), (2, 0));

    // the other one is there
    let mut instance = granted(&mut probe, &[&grants[0], &inner.url("")]).await;
    names.lead("api.example", &["127.0.0.2"]);
    assert_eq!(run(&mut instance, &command).await, HELLO);
    assert_eq!((server.connections(), inner.connections()), (2, 1));
}

#[tokio::test]
async fn a_name_that_is_not_granted_is_not_looked_up() {
    let names = Names::none();
    names.lead("api.example", &["127.0.0.1"]);
    let mut probe = probe(&names).await;
    let mut instance = granted(&mut probe, &["http://api.example"]).await;
    for url in ["http://secret.evil.example/", "https://api.example/", "http://api.example:81/"] {
        assert_eq!(run(&mut instance, &format!("http GET {url}")).await, DENIED, "{url}");
    }
    assert_eq!(names.asked(), [""; 0]);
    assert_eq!(run(&mut instance, "http GET http://api.example/").await, DENIED);
    assert_eq!(names.asked(), ["api.example"]);
}

#[tokio::test]
async fn a_redirect_is_a_request_like_any_other() {
    let (server, forbidden) = (Server::start().await, Server::start().await);
    let mut probe = probe(&Names::none()).await;
    let to = forbidden.url("/x").replace('/', "+");
    let command = format!("http-follow {}", server.url(&format!("/to/{to}")));

    let mut instance = granted(&mut probe, &[&server.url("")]).await;
    assert_eq!(run(&mut instance, &command).await, DENIED);
    assert_eq!((server.heads().len(), forbidden.connections()), (1, 0));
    assert_eq!(probe.denials()[0].1, forbidden.url(""));

    let mut instance = granted(&mut probe, &[&server.url(""), &forbidden.url("")]).await;
    // the host itself follows none
    let plain = command.replace("http-follow", "http GET");
    assert_eq!(run(&mut instance, &plain).await, "ok 302");
    assert_eq!(forbidden.connections(), 0);
    assert_eq!(run(&mut instance, &command).await, HELLO);
    assert_eq!(forbidden.heads().len(), 1);
}

#[tokio::test]
async fn a_user_in_front_of_the_host_is_no_host() {
    let server = Server::start().await;
    let names = Names::none();
    names.lead("granted.example", &["127.0.0.1"]);
    let mut probe = probe(&names).await;
    let name = server.url_as("granted.example", "");
    let mut instance = probe.under(Path::new("/"), &format!("\"http:private\" = [\"{name}\"]")).await;
    let port = server.port();
    for (authority, outcome) in [
        (format!("granted.example@127.0.0.1:{port}"), DENIED),
        (format!("granted.example:{port}@127.0.0.1:{port}"), DENIED),
        (format!("127.0.0.1:{port}@granted.example:{port}"), "error HttpRequestUriInvalid"),
        (format!("user:word@granted.example:{port}"), "error HttpRequestUriInvalid"),
        (format!("granted.example:{port}"), HELLO),
    ] {
        assert_eq!(
            run(&mut instance, &format!("http GET http://{authority}/")).await,
            outcome,
            "{authority}"
        );
    }
    assert_eq!(server.connections(), 1);
    assert_eq!(probe.denials()[0].1, server.url(""), "the operator is told the host that was meant");
}

#[tokio::test]
async fn the_server_is_told_the_host_that_was_checked() {
    let server = Server::start().await;
    let names = Names::none();
    names.lead("api.example", &["127.0.0.1"]);
    let mut probe = probe(&names).await;
    let grants = format!("\"http:private\" = [\"{}\"]", server.url_as("*", ""));
    let mut instance = probe.under(Path::new("/"), &grants).await;
    // no header that is about the connection, or says another host, comes from the plugin
    for header in ["host", "Host", "connection", "transfer-encoding", "upgrade", "proxy-authorization"] {
        let command = format!("http-header {header} other.example {}", server.url("/"));
        assert_eq!(run(&mut instance, &command).await, "error Forbidden", "{header}");
    }
    // nor a path that is a whole URL, or ends the line
    let authority = format!("127.0.0.1:{}", server.port());
    for path in ["http://other.example/", "other.example", "*", "/ HTTP/1.1\r\nhost:other.example\r\n"] {
        let outcome = run(&mut instance, &format!("http-parts http {authority} {path}")).await;
        assert_eq!(outcome, "error no path", "{path:?}");
    }
    for authority in ["a.example/b", "a.example b", "a.example\r\nx:y"] {
        let outcome = run(&mut instance, &format!("http GET http://{authority}")).await;
        assert!(!outcome.starts_with("ok"), "{authority:?}: {outcome}");
    }
    assert_eq!(server.connections(), 0);

    assert_eq!(run(&mut instance, &format!("http-header x-own 1 {}", server.url("/p?q"))).await, HELLO);
    assert_eq!(run(&mut instance, &format!("http GET {}", server.url_as("API.example.", "/"))).await, HELLO);
    let heads = server.heads();
    let lines = |head: &str| head.lines().map(str::to_owned).collect::<Vec<_>>();
    let mut first = lines(&heads[0]);
    first[1..].sort();
    assert_eq!(
        first,
        ["GET /p?q HTTP/1.1", "connection: close", &format!("host: {authority}"), "x-own: 1"],
        "and nothing of the host's own"
    );
    assert!(lines(&heads[1]).contains(&format!("host: api.example:{}", server.port())), "{}", heads[1]);
}

#[tokio::test]
async fn methods_and_bodies_arrive_and_tunnels_do_not() {
    let server = Server::start().await;
    let mut probe = probe(&Names::none()).await;
    let mut instance = granted(&mut probe, &[&server.url("")]).await;
    for (command, outcome) in [
        ("http POST URL/echo some text", "ok 200 some text"),
        ("http HEAD URL/", "ok 200"),
        ("http PURGE URL/", HELLO),
        ("http CONNECT URL/", "error HttpRequestMethodInvalid"),
        ("http GET URL/broken", "error HttpResponseIncomplete"),
        ("http GET URL/closed", "error HttpResponseIncomplete"),
        ("http GET URL/nonsense", "error HttpProtocolError"),
        ("http GET URL/long-head", "error HttpResponseHeaderSectionSize(None)"),
        ("http GET URL?query", HELLO),
    ] {
        let command = command.replace("URL", &server.url(""));
        assert_eq!(run(&mut instance, &command).await, outcome, "{command}");
    }
    let authority = server.url("").replace("http://", "");
    // without a scheme `https` is meant; others there are none
    assert_eq!(run(&mut instance, &format!("http-no-scheme {authority} /")).await, DENIED);
    assert_eq!(run(&mut instance, &format!("http-parts ftp {authority} /")).await, "error HttpProtocolError");
    // each had a connection of its own
    assert_eq!(server.connections(), server.heads().len());
    assert!(!server.heads().iter().any(|head| head.starts_with("CONNECT")));
}

#[test]
fn the_applications_runtime_may_be_without_io() {
    let of_the_server = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = of_the_server.block_on(Server::start());
    let own = Builder::new_current_thread().enable_time().build().unwrap();
    own.block_on(async {
        let mut probe = probe(&Names::none()).await;
        let mut instance = granted(&mut probe, &[&server.url("")]).await;
        assert_eq!(run(&mut instance, &format!("http GET {}", server.url("/"))).await, HELLO);
    });
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn who_wants_nothing_gets_nothing() {
    let server = Server::start().await;
    let mut probe = Probe::on(host().resolver(Names::none()), artifact(&["log"])).await;
    let mut instance = granted(&mut probe, &[&server.url("")]).await;
    assert_eq!(run(&mut instance, &format!("http GET {}", server.url("/"))).await, DENIED);
    // and who wants less than is granted, that
    let wanted = "http=http://127.0.0.1:1";
    let mut probe = Probe::on(host().resolver(Names::none()), artifact(&[wanted])).await;
    let mut instance = granted(&mut probe, &["http://127.0.0.1:*"]).await;
    assert_eq!(run(&mut instance, &format!("http GET {}", server.url("/"))).await, DENIED);
    assert_eq!(server.connections(), 0);
}
