//! Whose certificate is trusted.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::names::Names;
use crate::probe;
use crate::server::Server;
use crate::support::run;

/// Names the ports of the servers in the process that trusts one of them.
const PORTS: &str = "PLUG_TEST_TLS_PORTS";

/// A server with a certificate that it has signed itself, and that certificate.
async fn server(names: &[&str]) -> (Server, String) {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (Server::with_tls(TlsAcceptor::from(Arc::new(config))).await, made.cert.pem())
}

/// A server that knows no TLS: it takes a byte and answers one client.
async fn plain() -> (JoinHandle<u8>, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let first = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let first = stream.read_u8().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        first
    });
    (first, port)
}

/// What a process trusts it reads once. So the certificate of one server is trusted in a process that is
/// begun for it, and nothing else is there: this machine may trust nobody at all.
#[tokio::test]
async fn a_certificate_is_trusted_by_its_issuer_and_for_its_names() {
    let (trusted, certificate) = server(&["api.example", "127.0.0.1"]).await;
    let (untrusted, _) = server(&["api.example", "127.0.0.1"]).await;
    let (plain, plain_port) = plain().await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("trusted.pem");
    std::fs::write(&file, certificate).unwrap();
    let ports = format!("{} {} {plain_port}", trusted.port(), untrusted.port());
    let child = tokio::task::spawn_blocking(move || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tls::in_a_process_that_trusts_it", "--ignored", "--nocapture"])
            .env("SSL_CERT_FILE", &file)
            .env_remove("SSL_CERT_DIR")
            .env(PORTS, ports)
            .output()
            .unwrap()
    });
    let output = child.await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}\n{errors}");
    assert_eq!((trusted.connections(), trusted.heads().len()), (4, 2), "no request without trust");
    assert_eq!((untrusted.connections(), untrusted.heads().len()), (1, 0));
    // the first byte of a handshake, and not of a request
    assert_eq!(plain.await.unwrap(), 0x16);
}

#[tokio::test]
#[ignore = "run by the test above, in a process of its own"]
async fn in_a_process_that_trusts_it() {
    let ports = std::env::var(PORTS).expect("the test above says them");
    let ports: Vec<&str> = ports.split(' ').collect();
    let [trusted, untrusted, plain] = ports[..] else { panic!("{ports:?}") };
    let names = Names::none();
    for name in ["api.example", "other.example"] {
        names.lead(name, &["127.0.0.1"]);
    }
    names.lead("api.example.evil.example", &["127.0.0.1"]);
    let mut probe = probe(&names).await;
    let mut instance = probe.under(Path::new("/"), "\"http:private\" = ['https://*:*']").await;
    for (host, port, outcome) in [
        ("api.example", trusted, "ok 200 hello"),
        ("127.0.0.1", trusted, "ok 200 hello"),
        ("other.example", trusted, "error TlsCertificateError"),
        ("api.example.evil.example", trusted, "error TlsCertificateError"),
        ("api.example", untrusted, "error TlsCertificateError"),
        ("api.example", plain, "error TlsProtocolError"),
    ] {
        let answer = run(&mut instance, &format!("http GET https://{host}:{port}/")).await;
        assert_eq!(answer, outcome, "{host}:{port}");
    }
}
