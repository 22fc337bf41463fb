//! Users who show certificates.

use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, RootCertStore, SignatureScheme};

use crate::access::{Peer, User};
use crate::x509;

/// Asks clients for certificates.
///
/// A certificate that nobody trusts does not break the connection: as with the API server, its requests get 401, unless they have a
/// token. So a handshake only takes that the client has the key of its certificate; what the certificate is worth is found out after it.
pub(super) struct ClientCertificates {
    trusting: Arc<dyn ClientCertVerifier>,
}

impl ClientCertificates {
    /// Trusts the authorities in a PEM file.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if there are none.
    pub(super) fn trusting(pem: &[u8]) -> io::Result<Self> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(invalid)?;
            roots.add(certificate).map_err(invalid)?;
        }
        let provider = Arc::new(default_provider());
        let trusting = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(invalid)?;
        Ok(Self { trusting })
    }

    /// Who has these certificates, the own one first.
    pub(super) fn peer(&self, certificates: Option<&[CertificateDer<'_>]>) -> Peer {
        let Some((own, others)) = certificates.and_then(<[_]>::split_first) else {
            return Peer::Unknown;
        };
        let verified = self
            .trusting
            .verify_client_cert(own, others, UnixTime::now());
        match x509::subject(own) {
            Some(subject) if verified.is_ok() && !subject.common_name.is_empty() => {
                let user = User::new(subject.common_name);
                let user = subject.organizations.into_iter().fold(user, User::group);
                Peer::User(Arc::new(user))
            }
            _ => Peer::Untrusted,
        }
    }
}

impl ClientCertVerifier for ClientCertificates {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.trusting.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.trusting
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.trusting
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.trusting.supported_verify_schemes()
    }
}

impl fmt::Debug for ClientCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificates")
    }
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, error)
}
