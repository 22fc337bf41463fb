//! TLS settings of a connection.

use crate::config::pem::Pem;

/// How the server proves who it is, and the certificate with which the client does.
///
/// Matches `rest.TLSClientConfig` of client-go; [`Pem`] merges each `File` and `Data` pair.
///
/// # Examples
///
/// ```
/// use kubekit_config::{Pem, Tls};
///
/// let tls = Tls::new()
///     .ca(Pem::File("/etc/kubernetes/ca.crt".into()))
///     .client_certificate(Pem::File("/etc/me.crt".into()), Pem::File("/etc/me.key".into()))
///     .server_name("kubernetes.default.svc");
/// assert!(tls.client_key.is_some());
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Tls {
    /// The certificate authorities that may have signed the server's certificate. `None` trusts the system's.
    pub ca: Option<Pem>,
    /// The client's certificate, followed by its intermediates.
    pub client_certificate: Option<Pem>,
    /// The private key of the client's certificate.
    pub client_key: Option<Pem>,
    /// The name the server's certificate must be for, also sent as SNI. `None` takes the host of the server URL.
    pub server_name: Option<String>,
    /// Whether to accept any certificate. Never set together with `ca` by this crate. Default: `false`.
    pub insecure_skip_verify: bool,
}

impl Tls {
    /// Creates settings that trust the system's certificate authorities and send no client certificate.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the certificate authorities that may have signed the server's certificate. Default: the system's.
    #[must_use]
    pub fn ca(mut self, ca: Pem) -> Self {
        self.ca = Some(ca);
        self
    }

    /// Sets the client's certificate and its private key. Default: none.
    #[must_use]
    pub fn client_certificate(mut self, certificate: Pem, key: Pem) -> Self {
        self.client_certificate = Some(certificate);
        self.client_key = Some(key);
        self
    }

    /// Sets the name the server's certificate must be for. Default: the host of the server URL.
    #[must_use]
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.server_name = Some(name.into());
        self
    }

    /// Accepts any certificate, which makes the connection insecure. Default: certificates are verified.
    #[must_use]
    pub fn insecure_skip_verify(mut self) -> Self {
        self.insecure_skip_verify = true;
        self
    }
}
