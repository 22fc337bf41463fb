//! Certificates and a TLS server that shows who is connected.

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use kubekit_config::Pem;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

use super::server::listen;

/// A certificate authority.
pub(crate) struct Authority {
    der: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key.
#[derive(Clone)]
pub(crate) struct Identity {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let der = params
            .self_signed(&key)
            .expect("a certificate")
            .der()
            .to_vec();
        Self {
            der,
            issuer: Issuer::new(params, key),
        }
    }

    /// Signs a certificate for these names, which may be addresses.
    pub(crate) fn sign(&self, name: &str, hosts: &[&str]) -> Identity {
        let key = KeyPair::generate().expect("a key");
        let hosts: Vec<_> = hosts.iter().map(|&host| host.to_owned()).collect();
        let mut params = CertificateParams::new(hosts).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, name);
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Identity {
            certificate: certificate.der().to_vec(),
            key: key.serialize_der(),
        }
    }

    pub(crate) fn pem(&self) -> Pem {
        Pem::data(self.pem_text())
    }

    pub(crate) fn pem_text(&self) -> String {
        pem("CERTIFICATE", &self.der)
    }
}

impl Identity {
    pub(crate) fn certificate_pem(&self) -> Pem {
        Pem::data(pem("CERTIFICATE", &self.certificate))
    }

    pub(crate) fn key_pem(&self) -> Pem {
        Pem::data(pem("PRIVATE KEY", &self.key))
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let lines: Vec<_> = STANDARD
        .encode(der)
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

/// What a TLS server offers and wants.
pub(crate) struct Terms {
    pub(crate) identity: Identity,
    pub(crate) alpn: &'static [&'static str],
    pub(crate) client_authority: Option<Authority>,
}

/// Starts a server that answers each request with the protocol version and whether the client has a certificate.
pub(crate) async fn tls_server(terms: Terms) -> SocketAddr {
    let (listener, address) = listen().await;
    let acceptor = TlsAcceptor::from(Arc::new(server_config(terms)));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else {
                    return;
                };
                let (_, session) = stream.get_ref();
                let has_certificate = session.peer_certificates().is_some();
                let server_name = session.server_name().unwrap_or("-").to_owned();
                let service = service_fn(move |request| {
                    let answer = describe(&request, has_certificate, &server_name);
                    async { Ok::<_, std::convert::Infallible>(answer) }
                });
                let _ = auto::Builder::new(TokioExecutor::new())
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    address
}

fn describe(
    request: &Request<Incoming>,
    has_certificate: bool,
    server_name: &str,
) -> Response<Full<Bytes>> {
    let body = format!(
        r#"{{"protocol":"{:?}","certificate":{has_certificate},"name":"{server_name}"}}"#,
        request.version()
    );
    Response::new(Full::from(body))
}

/// Speaks TLS as this server, with any client.
pub(crate) fn acceptor(identity: &Identity, alpn: &'static [&'static str]) -> TlsAcceptor {
    let terms = Terms {
        identity: identity.clone(),
        alpn,
        client_authority: None,
    };
    TlsAcceptor::from(Arc::new(server_config(terms)))
}

fn server_config(terms: Terms) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("protocol versions");
    let builder = match terms.client_authority {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.der.into()).expect("an authority");
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .allow_unauthenticated()
                .build()
                .expect("a verifier");
            builder.with_client_cert_verifier(verifier)
        }
    };
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(terms.identity.key));
    let mut config = builder
        .with_single_cert(vec![terms.identity.certificate.into()], key)
        .expect("an identity");
    config.alpn_protocols = terms
        .alpn
        .iter()
        .map(|protocol| protocol.as_bytes().to_vec())
        .collect();
    config
}
