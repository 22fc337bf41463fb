//! The certificate of a server, and the authority that signs it.

use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// The names that an API server has for the programs of its cluster.
const NAMES: &[&str] = &[
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
    "localhost",
];

/// How many letters a line of PEM has.
const LINE: usize = 64;

/// What a server shows of itself.
pub(super) struct Serving {
    pub(super) certificate: CertificateDer<'static>,
    pub(super) key: PrivateKeyDer<'static>,
    pub(super) authority_pem: String,
}

impl Serving {
    /// Makes an authority and a certificate for this address.
    pub(super) fn generate(address: SocketAddr) -> Result<Self, rcgen::Error> {
        let authority_key = KeyPair::generate()?;
        let mut authority = CertificateParams::new(Vec::new())?;
        authority.distinguished_name = named("kubekit-fake-ca");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![
            KeyUsagePurpose::KeyCertSign,
            KeyUsagePurpose::DigitalSignature,
        ];
        let authority_pem = pem(authority.self_signed(&authority_key)?.der());
        let issuer = Issuer::new(authority, authority_key);

        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(hosts(address))?;
        params.distinguished_name = named("kubekit-fake");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.signed_by(&key, &issuer)?;
        Ok(Self {
            certificate: certificate.der().clone(),
            key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
            authority_pem,
        })
    }
}

fn hosts(address: SocketAddr) -> Vec<String> {
    let mut hosts: Vec<_> = NAMES.iter().map(|&name| name.to_owned()).collect();
    hosts.extend(["127.0.0.1".to_owned(), "::1".to_owned()]);
    let own = address.ip().to_string();
    if !address.ip().is_unspecified() && !hosts.contains(&own) {
        hosts.push(own);
    }
    hosts
}

fn named(name: &str) -> DistinguishedName {
    let mut names = DistinguishedName::new();
    names.push(DnType::CommonName, name);
    names
}

fn pem(der: &[u8]) -> String {
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for (at, letter) in STANDARD.encode(der).chars().enumerate() {
        if at > 0 && at % LINE == 0 {
            pem.push('\n');
        }
        pem.push(letter);
    }
    pem.push_str("\n-----END CERTIFICATE-----\n");
    pem
}
