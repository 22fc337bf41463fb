//! As much of certificates and requests for them as access needs: whose they are, and whether they are any.

mod der;

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    UnparsedPublicKey, VerificationAlgorithm,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateSigningRequestDer};

use self::der::{
    BIT_STRING, INTEGER, OBJECT_IDENTIFIER, Reader, SEQUENCE, SET, context, is_text, text,
};

const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ORGANIZATION: &[u8] = &[0x55, 4, 10];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];

/// Signature algorithms, by their identifier and, for elliptic curves, that of the curve.
static ALGORITHMS: &[(&[u8], &[u8], &dyn VerificationAlgorithm)] = &[
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2],
        P256,
        &ECDSA_P256_SHA256_ASN1,
    ),
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2],
        P384,
        &ECDSA_P384_SHA256_ASN1,
    ),
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3],
        P256,
        &ECDSA_P256_SHA384_ASN1,
    ),
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3],
        P384,
        &ECDSA_P384_SHA384_ASN1,
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0xd, 1, 1, 0xb],
        &[],
        &RSA_PKCS1_2048_8192_SHA256,
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0xd, 1, 1, 0xc],
        &[],
        &RSA_PKCS1_2048_8192_SHA384,
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0xd, 1, 1, 0xd],
        &[],
        &RSA_PKCS1_2048_8192_SHA512,
    ),
    (&[0x2b, 0x65, 0x70], &[], &ED25519),
];

/// Whose certificate it is: a user, and the user's groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) common_name: String,
    pub(crate) organizations: Vec<String>,
}

/// Reads the subject of a certificate, which need not be one that anybody trusts. `None` if it does not parse.
pub(crate) fn subject(certificate: &[u8]) -> Option<Subject> {
    let mut certificate = Reader::new(certificate).enter(SEQUENCE)?;
    let mut signed = certificate.enter(SEQUENCE)?;
    signed.skip_if(context(0))?;
    signed.take(INTEGER)?;
    // The algorithm of the signature, the issuer, and the time the certificate is good for.
    for _ in 0..3 {
        signed.take(SEQUENCE)?;
    }
    name(signed.enter(SEQUENCE)?)
}

/// Checks that a PEM file is one request for a certificate, signed with the key that it is for.
///
/// # Errors
///
/// Fails with what is wrong.
pub(crate) fn check_request(pem: &[u8]) -> Result<(), &'static str> {
    let request = CertificateSigningRequestDer::from_pem_slice(pem)
        .map_err(|_| "PEM block type must be CERTIFICATE REQUEST")?;
    let request = Request::read(&request).ok_or("the request does not parse")?;
    match request.is_signed() {
        true => Ok(()),
        false => Err("the signature of the request is not that of its key"),
    }
}

/// Reads whom a request for a certificate is for. `None` if it does not parse.
pub(crate) fn request_subject(pem: &[u8]) -> Option<Subject> {
    let request = CertificateSigningRequestDer::from_pem_slice(pem).ok()?;
    Request::read(&request).map(|request| request.subject)
}

/// Checks that a PEM file is one or more certificates.
///
/// # Errors
///
/// Fails with what is wrong.
pub(crate) fn check_certificates(pem: &[u8]) -> Result<(), &'static str> {
    let mut found = false;
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| "must be a valid PEM file")?;
        subject(&certificate).ok_or("a certificate does not parse")?;
        found = true;
    }
    match found {
        true => Ok(()),
        false => Err("must contain at least one CERTIFICATE PEM block"),
    }
}

/// A request for a certificate.
struct Request<'a> {
    subject: Subject,
    signed: &'a [u8],
    algorithm: &'a [u8],
    curve: &'a [u8],
    key: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Request<'a> {
    fn read(der: &'a [u8]) -> Option<Self> {
        let mut request = Reader::new(der).enter(SEQUENCE)?;
        let signed = request.whole(SEQUENCE)?;
        let mut content = Reader::new(signed).enter(SEQUENCE)?;
        content.take(INTEGER)?;
        let subject = name(content.enter(SEQUENCE)?)?;
        let mut key_info = content.enter(SEQUENCE)?;
        let mut key_algorithm = key_info.enter(SEQUENCE)?;
        key_algorithm.take(OBJECT_IDENTIFIER)?;
        let curve = key_algorithm.take(OBJECT_IDENTIFIER).unwrap_or_default();
        let key = bits(key_info.take(BIT_STRING)?)?;
        let algorithm = request.enter(SEQUENCE)?.take(OBJECT_IDENTIFIER)?;
        let signature = bits(request.take(BIT_STRING)?)?;
        Some(Self {
            subject,
            signed,
            algorithm,
            curve,
            key,
            signature,
        })
    }

    /// Whether the signature fits; it is taken on trust where the algorithm is not known.
    fn is_signed(&self) -> bool {
        let known = ALGORITHMS.iter().find(|(algorithm, curve, _)| {
            *algorithm == self.algorithm && (curve.is_empty() || *curve == self.curve)
        });
        known.is_none_or(|(_, _, algorithm)| {
            let key = UnparsedPublicKey::new(*algorithm, self.key);
            key.verify(self.signed, self.signature).is_ok()
        })
    }
}

fn name(mut name: Reader<'_>) -> Option<Subject> {
    let mut subject = Subject::default();
    while !name.is_empty() {
        let mut parts = name.enter(SET)?;
        while !parts.is_empty() {
            let mut part = parts.enter(SEQUENCE)?;
            let kind = part.take(OBJECT_IDENTIFIER)?;
            let (tag, value) = part.any()?;
            if kind == COMMON_NAME && is_text(tag) {
                subject.common_name = text(value);
            } else if kind == ORGANIZATION && is_text(tag) {
                subject.organizations.push(text(value));
            }
        }
    }
    Some(subject)
}

/// The bytes of a bit string of whole bytes.
fn bits(value: &[u8]) -> Option<&[u8]> {
    match value.split_first()? {
        (0, bytes) => Some(bytes),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair};

    use super::*;

    fn params() -> CertificateParams {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "jane");
        params
            .distinguished_name
            .push(DnType::OrganizationName, "devs");
        params
    }

    #[test]
    fn the_subject_of_a_certificate_is_a_user_and_groups() {
        let key = KeyPair::generate().expect("a key");
        let certificate = params().self_signed(&key).expect("a certificate");
        let subject = subject(certificate.der()).expect("a subject");
        assert_eq!(subject.common_name, "jane");
        assert_eq!(subject.organizations, ["devs"]);
    }

    #[test]
    fn what_is_cut_or_garbled_does_not_parse() {
        let key = KeyPair::generate().expect("a key");
        let certificate = params().self_signed(&key).expect("a certificate");
        let der = certificate.der();
        for end in 0..60 {
            assert_eq!(subject(&der[..end]), None, "{end}");
        }
        assert_eq!(subject(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), None);
        assert!(check_certificates(b"not a certificate").is_err());
    }

    #[test]
    fn a_request_is_signed_with_the_key_that_it_is_for() {
        let key = KeyPair::generate().expect("a key");
        let request = params().serialize_request(&key).expect("a request");
        let der = request.der();
        assert!(Request::read(der).expect("it parses").is_signed());
        let mut forged = der.to_vec();
        let at = forged
            .windows(4)
            .position(|bytes| bytes == b"jane")
            .expect("the name");
        forged[at] = b'J';
        assert!(!Request::read(&forged).expect("it parses").is_signed());
    }
}
