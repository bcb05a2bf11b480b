//! The other side: sockets on this machine.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What the test itself says, to know that all that came before has been heard.
const LAST: &str = "this is the last";
/// Nothing here takes as long.
const LONG: Duration = Duration::from_secs(20);

/// Hears one connection after the other, and answers what it has heard.
pub(crate) struct TcpServer {
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl TcpServer {
    pub(crate) fn at(address: &str) -> TcpServer {
        TcpServer::try_at(address).unwrap()
    }

    pub(crate) fn try_at(address: &str) -> std::io::Result<TcpServer> {
        let listener = TcpListener::bind(address)?;
        let (address, heard) = (listener.local_addr()?, Arc::<Mutex<Vec<String>>>::default());
        let hears = Arc::clone(&heard);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                stream.set_read_timeout(Some(LONG)).unwrap();
                let mut text = String::new();
                let _ = stream.read_to_string(&mut text);
                if text != LAST {
                    hears.lock().unwrap().push(text.clone());
                }
                let _ = write!(stream, "heard {text}");
            }
        });
        Ok(TcpServer { address, heard })
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// What was said by each that has connected until now.
    pub(crate) fn heard(&self) -> Vec<String> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(LAST.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

/// Keeps the datagrams that come.
pub(crate) struct UdpServer(pub(crate) UdpSocket);

impl UdpServer {
    pub(crate) fn at(address: &str) -> UdpServer {
        let socket = UdpSocket::bind(address).unwrap();
        socket.set_read_timeout(Some(LONG)).unwrap();
        UdpServer(socket)
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    /// The datagrams that have come until now.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.0.set_nonblocking(true).unwrap();
        let mut heard = Vec::new();
        let mut buffer = [0; 1500];
        while let Ok(length) = self.0.recv(&mut buffer) {
            heard.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
        }
        self.0.set_nonblocking(false).unwrap();
        heard
    }
}
