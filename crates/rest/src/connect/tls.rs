//! The TLS settings of connections.

use std::sync::Arc;

use kubekit_config::{Pem, Tls};
use rustls::client::WantsClientCert;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore};
use secrecy::ExposeSecret;
use tracing::warn;

use crate::connect::verifier::AcceptAnyServer;
use crate::error::Kind;

/// Makes the settings that a configuration asks for.
///
/// The cryptography is always that of ring. It is handed over here and never looked up, so that a program which links another
/// provider as well works all the same.
pub(super) fn client_config(tls: &Tls) -> Result<ClientConfig, Kind> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| Kind::config_because("TLS cannot be set up", error))?;
    let builder = if tls.insecure_skip_verify {
        if tls.ca.is_some() {
            return Err(Kind::config(
                "a certificate authority makes no sense when the server is not verified",
            ));
        }
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AcceptAnyServer::new(provider)))
    } else {
        builder.with_root_certificates(roots(tls.ca.as_ref())?)
    };
    with_identity(builder, tls)
}

fn with_identity(
    builder: ConfigBuilder<ClientConfig, WantsClientCert>,
    tls: &Tls,
) -> Result<ClientConfig, Kind> {
    match (&tls.client_certificate, &tls.client_key) {
        (None, None) => Ok(builder.with_no_client_auth()),
        (Some(certificate), Some(key)) => {
            let chain = certificates(certificate, "client certificate")?;
            let key = private_key(key)?;
            builder.with_client_auth_cert(chain, key).map_err(|error| {
                Kind::config_because("the client certificate cannot be used with its key", error)
            })
        }
        (Some(_), None) => Err(Kind::config("the client certificate has no key")),
        (None, Some(_)) => Err(Kind::config("the client key has no certificate")),
    }
}

fn roots(ca: Option<&Pem>) -> Result<RootCertStore, Kind> {
    let Some(ca) = ca else {
        return system_roots();
    };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(ca, "certificate authority")? {
        roots.add(certificate).map_err(|error| {
            Kind::config_because("the certificate authority cannot be used", error)
        })?;
    }
    Ok(roots)
}

/// Reads the system's store, or what `SSL_CERT_FILE` and `SSL_CERT_DIR` name instead, as Go does.
fn system_roots() -> Result<RootCertStore, Kind> {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        warn!(error = %error, "some of the system's certificate authorities cannot be read");
    }
    let mut roots = RootCertStore::empty();
    let (usable, _) = roots.add_parsable_certificates(found.certs);
    if usable == 0 {
        return Err(Kind::config(
            "the system has no certificate authorities and none is configured",
        ));
    }
    Ok(roots)
}

fn certificates(pem: &Pem, what: &str) -> Result<Vec<CertificateDer<'static>>, Kind> {
    let text = read(pem, what)?;
    let certificates = CertificateDer::pem_slice_iter(text.expose_secret())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Kind::config_because(format!("the {what} is not PEM"), error))?;
    if certificates.is_empty() {
        return Err(Kind::config(format!("the {what} holds no certificate")));
    }
    Ok(certificates)
}

fn private_key(pem: &Pem) -> Result<PrivateKeyDer<'static>, Kind> {
    let text = read(pem, "client key")?;
    PrivateKeyDer::from_pem_slice(text.expose_secret())
        .map_err(|error| Kind::config_because("the client key is not a private key in PEM", error))
}

fn read(pem: &Pem, what: &str) -> Result<secrecy::SecretSlice<u8>, Kind> {
    pem.read().map_err(|error| match pem {
        Pem::File(path) => Kind::config_because(
            format!("the {what} {} cannot be read", path.display()),
            error,
        ),
        _ => Kind::config_because(format!("the {what} cannot be read"), error),
    })
}
