//! Tells somebody else what it has seen. Where to, its configuration says: `home`, as HOST:PORT.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream, ToSocketAddrs as _, UdpSocket};

use plug_guest_sdk::prelude::*;

struct PhoneHome;

#[plugin(path = "../../wit", world = "acme:errands/runner")]
impl Errand for PhoneHome {
    fn run() -> Vec<Attempt> {
        let home = config::get::<String>("home").ok().flatten().unwrap_or_default();
        vec![
            attempt(format!("connect to {home}"), || {
                TcpStream::connect(&home)?.write_all(b"all that I have seen")?;
                Ok("told everything".to_owned())
            }),
            attempt(format!("send a datagram to {home}"), || {
                UdpSocket::bind("0.0.0.0:0")?.send_to(b"all that I have seen", &home)?;
                Ok("told everything".to_owned())
            }),
            attempt("look up localhost".to_owned(), || {
                let addresses: Vec<_> = ("localhost", 80).to_socket_addrs()?.collect();
                Ok(format!("{addresses:?}"))
            }),
            attempt("connect to 169.254.169.254:80".to_owned(), || {
                TcpStream::connect("169.254.169.254:80").map(|_| "has the cloud's secrets".to_owned())
            }),
            attempt("listen on 0.0.0.0:8080".to_owned(), || {
                TcpListener::bind("0.0.0.0:8080").map(|_| "listens".to_owned())
            }),
        ]
    }
}

fn attempt(what: String, run: impl FnOnce() -> std::io::Result<String>) -> Attempt {
    Attempt { what, outcome: run().map_err(|error| error.to_string()) }
}
