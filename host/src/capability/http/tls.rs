//! TLS, with the issuers of certificates that this machine trusts.

use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};
use tokio_rustls::{TlsConnector, rustls::AlertDescription};
use wasmtime_wasi_http::{Error, Result};

/// Speaks TLS with `host`, by whose name the certificate has to be.
pub(super) async fn connect(stream: TcpStream, host: &str) -> Result<TlsStream<TcpStream>> {
    connect_with(trusted().await?, stream, host).await
}

async fn connect_with(
    config: Arc<ClientConfig>,
    stream: TcpStream,
    host: &str,
) -> Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Error::HttpRequestUriInvalid)?;
    TlsConnector::from(config).connect(name, stream).await.map_err(|error| {
        tracing::debug!(host, %error, "no TLS");
        failed(&error)
    })
}

/// What is trusted, read when it is first needed.
async fn trusted() -> Result<Arc<ClientConfig>> {
    static TRUSTED: OnceCell<Arc<ClientConfig>> = OnceCell::const_new();
    let config = TRUSTED.get_or_try_init(|| async {
        let read = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs).await;
        let found = read.map_err(|_| Error::ConfigurationError)?;
        let mut roots = RootCertStore::empty();
        let (added, _) = roots.add_parsable_certificates(found.certs);
        if added == 0 {
            let errors = found.errors;
            tracing::error!(
                ?errors,
                "this machine has no certificates of issuers, so `https` cannot be used; \
                 install them (`ca-certificates`), or name a file in `SSL_CERT_FILE`"
            );
            return Err(Error::ConfigurationError);
        }
        config(roots)
    });
    config.await.map(Arc::clone)
}

fn config(roots: RootCertStore) -> Result<Arc<ClientConfig>> {
    // named, as a process may have several of them and no default
    let provider = Arc::new(ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Error::ConfigurationError)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // a resumed session would tell a server that two plugins are on the same host
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}

fn failed(error: &io::Error) -> Error {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
    match cause {
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented) => {
            Error::TlsCertificateError
        }
        Some(rustls::Error::AlertReceived(alert)) => alerted(*alert),
        Some(_) => Error::TlsProtocolError,
        None => Error::ConnectionTerminated,
    }
}

fn alerted(alert: AlertDescription) -> Error {
    Error::TlsAlertReceived { alert_id: Some(alert.into()), alert_message: Some(format!("{alert:?}")) }
}
