//! Where credentials come from.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::future::{BoxFuture, ready};
use http::HeaderValue;
use kubekit_config::{Auth, Basic};
use secrecy::{ExposeSecret, SecretString};
use tower::BoxError;

use crate::error::Kind;
use crate::stack::auth::token_file::TokenFile;

/// Something that can produce `Authorization` headers, now and again.
pub(crate) trait CredentialSource: Send + Sync {
    /// Returns the header to send now. Concurrent callers share one renewal.
    fn credential(&self) -> BoxFuture<'_, Result<HeaderValue, CredentialError>>;

    /// Says whether [`renew`](Self::renew) can ever return something, so that callers need not prepare for a replay.
    fn can_renew(&self) -> bool;

    /// Returns a header that is newer than the refused one, or `None` if there is none.
    fn renew<'a>(&'a self, refused: &'a HeaderValue) -> BoxFuture<'a, Option<HeaderValue>>;
}

/// Chooses the source that a configuration asks for; `None` is anonymous.
pub(crate) fn from_config(
    auth: &Auth,
    has_client_certificate: bool,
) -> Result<Option<Arc<dyn CredentialSource>>, Kind> {
    let has_token = auth.token.is_some() || auth.token_file.is_some();
    if has_token && auth.basic.is_some() {
        return Err(Kind::config(
            "a token and a user name cannot be used together",
        ));
    }
    let token = auth.token.as_ref().map(bearer).transpose()?;
    if let Some(path) = &auth.token_file {
        return Ok(Some(Arc::new(TokenFile::new(path.clone(), token))));
    }
    if let Some(token) = token {
        return Ok(Some(Arc::new(Fixed(token))));
    }
    if let Some(basic) = &auth.basic {
        return Ok(Some(Arc::new(Fixed(basic_header(basic)?))));
    }
    if has_client_certificate {
        return Ok(None);
    }
    if auth.exec.is_some() {
        return Err(Kind::Unsupported("a credential plugin (exec)"));
    }
    if auth.auth_provider.is_some() {
        return Err(Kind::Unsupported("an authentication provider"));
    }
    Ok(None)
}

/// A credential that never changes.
struct Fixed(HeaderValue);

impl CredentialSource for Fixed {
    fn credential(&self) -> BoxFuture<'_, Result<HeaderValue, CredentialError>> {
        Box::pin(ready(Ok(self.0.clone())))
    }

    fn can_renew(&self) -> bool {
        false
    }

    fn renew<'a>(&'a self, _: &'a HeaderValue) -> BoxFuture<'a, Option<HeaderValue>> {
        Box::pin(ready(None))
    }
}

/// Makes the header for a bearer token.
pub(crate) fn bearer(token: &SecretString) -> Result<HeaderValue, Kind> {
    sensitive(&format!("Bearer {}", token.expose_secret().trim()))
        .ok_or_else(|| Kind::config("the token has characters that no header can carry"))
}

fn basic_header(basic: &Basic) -> Result<HeaderValue, Kind> {
    let pair = format!("{}:{}", basic.username, basic.password.expose_secret());
    sensitive(&format!("Basic {}", STANDARD.encode(pair)))
        .ok_or_else(|| Kind::config("the user name cannot be written as a header"))
}

/// Makes a header value whose `Debug` shows nothing.
pub(super) fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Says why there is no credential.
#[derive(Debug)]
pub(crate) struct CredentialError {
    problem: String,
    source: Option<BoxError>,
}

impl CredentialError {
    pub(super) fn new(problem: String, source: Option<BoxError>) -> Self {
        Self { problem, source }
    }
}

impl fmt::Display for CredentialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl StdError for CredentialError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
