//! What the plugins find: files to be read, files that are none of their business, and somebody who
//! listens.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::{fs, io};

/// What the good plugin is to count.
const WORDS: &str = "all plugins are equal but some plugins are granted more than others\n";
const SECRET: &str = "the secret of the application\n";

/// A folder with all that, and two open ports.
#[derive(Debug)]
pub struct Stage {
    folder: tempfile::TempDir,
    tcp: TcpListener,
    udp: UdpSocket,
}

impl Stage {
    pub fn set() -> io::Result<Stage> {
        let folder = tempfile::tempdir()?;
        let within = |path: &str| folder.path().join(path);
        fs::create_dir(within("data"))?;
        fs::create_dir(within("scratch"))?;
        fs::write(within("data/words.txt"), WORDS)?;
        fs::write(within("secret.txt"), SECRET)?;
        #[cfg(unix)]
        std::os::unix::fs::symlink("../secret.txt", within("data/link-to-secret"))?;
        let tcp = TcpListener::bind("127.0.0.1:0")?;
        let udp = UdpSocket::bind(tcp.local_addr()?)?;
        tcp.set_nonblocking(true)?;
        udp.set_nonblocking(true)?;
        Ok(Stage { folder, tcp, udp })
    }

    /// What the folders of the policy are in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where somebody listens.
    pub fn home(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    /// What really happened, each with whether it is as it should be.
    pub fn effects(&self) -> io::Result<Vec<(String, bool)>> {
        let read = |path: &str| fs::read_to_string(self.folder.path().join(path));
        let unchanged = read("data/words.txt").is_ok_and(|text| text == WORDS);
        let counted = read("scratch/count.txt").unwrap_or_default();
        let nobody = |error: &io::Error| error.kind() == ErrorKind::WouldBlock;
        let connected = !self.tcp.accept().is_err_and(|error| nobody(&error));
        let received = !self.udp.recv(&mut [0; 64]).is_err_and(|error| nobody(&error));
        let words = WORDS.split_whitespace().count().to_string();
        Ok(vec![
            (format!("data/words.txt is {}", if unchanged { "as it was" } else { "changed" }), unchanged),
            (format!("scratch/count.txt says {counted:?}"), counted == words),
            (format!("{} connected to {}", somebody(connected), self.home()?), !connected),
            (format!("{} sent a datagram there", somebody(received)), !received),
        ])
    }
}

fn somebody(yes: bool) -> &'static str {
    if yes { "somebody" } else { "nobody" }
}
