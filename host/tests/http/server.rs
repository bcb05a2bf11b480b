//! A server that remembers what arrives, and answers as the path says.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A server of HTTP/1.1, on this machine.
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    open: AtomicUsize,
    heads: Mutex<Vec<String>>,
}

impl Server {
    pub async fn start() -> Server {
        Server::on("127.0.0.1:0").await
    }

    pub async fn on(address: &str) -> Server {
        Server::serve(address, None).await
    }

    pub async fn with_tls(acceptor: TlsAcceptor) -> Server {
        Server::serve("127.0.0.1:0", Some(acceptor)).await
    }

    async fn serve(address: &str, tls: Option<TlsAcceptor>) -> Server {
        let listener = TcpListener::bind(address).await.unwrap();
        let seen = Arc::new(Seen::default());
        let scheme = if tls.is_some() { "https" } else { "http" };
        let server = Server { address: listener.local_addr().unwrap(), scheme, seen: Arc::clone(&seen) };
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                seen.connections.fetch_add(1, SeqCst);
                let (seen, tls) = (Arc::clone(&seen), tls.clone());
                tokio::spawn(async move {
                    seen.open.fetch_add(1, SeqCst);
                    let _ = match tls {
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => exchange(stream, &seen).await,
                            Err(error) => Err(error),
                        },
                        None => exchange(stream, &seen).await,
                    };
                    seen.open.fetch_sub(1, SeqCst);
                });
            }
        });
        server
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// With its address.
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    /// With another name for it.
    pub fn url_as(&self, host: &str, path: &str) -> String {
        format!("{}://{host}:{}{path}", self.scheme, self.port())
    }

    pub fn connections(&self) -> usize {
        self.seen.connections.load(SeqCst)
    }

    /// Waits until so many connections are open.
    pub async fn has_open(&self, connections: usize) {
        let there = async {
            while self.seen.open.load(SeqCst) != connections {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), there).await.expect("so many connections");
    }

    /// The heads of the requests that arrived.
    pub fn heads(&self) -> Vec<String> {
        self.seen.heads.lock().unwrap().clone()
    }
}

async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, seen: &Seen) -> io::Result<()> {
    let Some((head, begun)) = head(&mut stream).await? else { return Ok(()) };
    seen.heads.lock().unwrap().push(head.clone());
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let (name, rest) = path[1..].split_once('/').unwrap_or((&path[1..], ""));
    match name {
        "silent" => until_closed(&mut stream).await,
        "late" => {
            tokio::time::sleep(Duration::from_millis(300)).await;
            respond(&mut stream, "late").await
        }
        "hold" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhold").await?;
            until_closed(&mut stream).await
        }
        "echo" => {
            let text = body(&mut stream, &head, begun).await?;
            respond(&mut stream, &text).await
        }
        // says how much there is
        "bytes" => respond(&mut stream, &"x".repeat(rest.parse().unwrap())).await,
        // does not
        "chunks" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
            for _ in 0..rest.parse().unwrap() {
                stream.write_all(b"64\r\n").await?;
                stream.write_all(&[b'x'; 100]).await?;
                stream.write_all(b"\r\n").await?;
            }
            stream.write_all(b"0\r\n\r\n").await
        }
        "endless" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
            loop {
                stream.write_all(b"1\r\nx\r\n").await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        "broken" => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf").await,
        "nonsense" => stream.write_all(b"what?\r\n\r\n").await,
        "closed" => Ok(()),
        "long-head" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nx: ").await?;
            stream.write_all(&vec![b'x'; 1 << 20]).await
        }
        // the rest is a URL, with a `+` for each `/`
        "to" => {
            let to = rest.replace('+', "/");
            let text = format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(text.as_bytes()).await
        }
        _ => respond(&mut stream, "hello").await,
    }?;
    stream.shutdown().await
}

async fn respond<S: AsyncWrite + Unpin>(stream: &mut S, text: &str) -> io::Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", text.len());
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(text.as_bytes()).await
}

async fn until_closed<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<()> {
    while stream.read(&mut [0; 1024]).await? > 0 {}
    Ok(())
}

/// The head of a request, and what came with it of its body.
async fn head<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut bytes = Vec::new();
    let mut part = [0; 1024];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            return Ok(Some((head, bytes[end + 4..].to_vec())));
        }
        match stream.read(&mut part).await? {
            0 => return Ok(None),
            read => bytes.extend(&part[..read]),
        }
    }
}

/// The body of a request, as it is on the wire.
async fn body<S: AsyncRead + Unpin>(stream: &mut S, head: &str, mut bytes: Vec<u8>) -> io::Result<String> {
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let mut part = [0; 1024];
    while chunked && !bytes.ends_with(b"0\r\n\r\n") {
        match stream.read(&mut part).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => bytes.extend(&part[..read]),
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // of one chunk, the middle line
    Ok(if chunked { text.split("\r\n").nth(1).unwrap_or_default().to_owned() } else { text })
}
