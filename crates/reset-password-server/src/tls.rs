//! TLS, where the service speaks it itself.

use std::{fs::File, io::BufReader, path::Path, sync::Arc};

use reset_password::{Error, secret_file};
use rustls::{ServerConfig, crypto::ring, version};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use crate::config::TlsFiles;

/// Reads the certificate and its key: TLS 1.3, or 1.2 with an AEAD and forward secrecy.
pub(crate) fn read(files: &TlsFiles) -> Result<Arc<ServerConfig>, Error> {
    let key = secret_file::open("read key", &files.key, "tls_key")?;
    let chain = open(&files.certificate, "tls_certificate")?;
    let chain = CertificateDer::pem_reader_iter(chain)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| unusable(&files.certificate, "tls_certificate", "is no PEM file"))?;
    if chain.is_empty() {
        let why = "holds no certificate";
        return Err(unusable(&files.certificate, "tls_certificate", why));
    }
    let key = PrivateKeyDer::from_pem_reader(BufReader::new(key))
        .map_err(|_| unusable(&files.key, "tls_key", "holds no private key in PEM"))?;
    let provider = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])
        .map_err(Error::internal)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|_| unusable(&files.key, "tls_key", "does not fit the certificate"))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn open(path: &Path, option: &str) -> Result<BufReader<File>, Error> {
    let opened = File::open(path);
    opened
        .map(BufReader::new)
        .map_err(|error| unusable(path, option, &format!("cannot be read: {}", error.kind())))
}

fn unusable(path: &Path, option: &str, why: &str) -> Error {
    Error::config(format!("the file {} ({option}) {why}", path.display()))
}
