//! What can go wrong with a client and its requests.

mod kind;
mod predicates;

pub(crate) use kind::{Kind, Phase};

use std::fmt;
use std::time::Duration;

use kubekit_core::{ApiResource, Status};

use crate::RequestInfo;

/// Any failure of this crate, with the request it happened on.
///
/// What happened is asked with predicates: [`is_not_found`](Self::is_not_found) and its siblings decide by the server's
/// [`status`](Self::status); [`is_connection_lost`](Self::is_connection_lost), [`is_timeout`](Self::is_timeout) and their
/// siblings tell failures without an answer. `Display` names the request and says this level only; deeper causes are in
/// [`source`](std::error::Error::source). No credential, header, query or body is ever part of it.
///
/// The error is one pointer, so that a `Result` of it stays small.
///
/// # Examples
///
/// ```no_run
/// use k8s_openapi::api::core::v1::ConfigMap;
/// use kubekit_core::Namespace;
/// use kubekit_rest::{Error, RestClient};
///
/// # async fn example(client: RestClient) -> Result<(), Error> {
/// let maps = client.api::<ConfigMap, _>(Namespace::new("shop"));
/// match maps.get("settings").await {
///     Ok(map) => println!("{:?}", map.data),
///     Err(error) if error.is_not_found() => println!("no settings yet"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    request: Option<RequestInfo>,
}

impl Error {
    /// Makes the failure of a request.
    pub(crate) fn of(request: &RequestInfo, kind: Kind) -> Self {
        Self(Box::new(Inner {
            kind,
            request: Some(request.clone()),
        }))
    }

    /// Makes the failure to build a client.
    pub(crate) fn without_request(kind: Kind) -> Self {
        Self(Box::new(Inner {
            kind,
            request: None,
        }))
    }

    /// Returns the server's account of the failure, if it answered.
    ///
    /// An answer that is not a `Status`, as proxies send it, has been made into one by its code.
    pub fn status(&self) -> Option<&Status> {
        match &self.0.kind {
            Kind::Status { status, .. } => Some(status),
            _ => None,
        }
    }

    /// Returns how long the server asks to wait before another attempt.
    ///
    /// From the `Retry-After` header if it is a number of seconds, else from the status.
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.0.kind {
            Kind::Status {
                status,
                retry_after,
            } => retry_after.or_else(|| status.suggests_client_delay()),
            _ => None,
        }
    }

    /// Returns what the request was about, or `None` if a client could not be built.
    pub fn request(&self) -> Option<&RequestInfo> {
        self.0.request.as_ref()
    }

    /// Returns the verb of the request, such as `get` or `deletecollection`.
    pub fn verb(&self) -> Option<&str> {
        self.request().map(RequestInfo::verb)
    }

    /// Returns the resource of the request, unless it was made by path.
    pub fn resource(&self) -> Option<&ApiResource> {
        self.request()?.resource()
    }

    /// Returns the namespace of the request.
    pub fn namespace(&self) -> Option<&str> {
        self.request()?.namespace()
    }

    /// Returns the name of the object.
    pub fn name(&self) -> Option<&str> {
        self.request()?.name()
    }

    /// Returns how many times the request has been sent; 0 if it never left the client.
    pub fn attempts(&self) -> u32 {
        self.request().map_or(0, RequestInfo::attempts)
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.0.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(request) = self.request() {
            write!(f, "cannot {request}: ")?;
        }
        self.0.kind.fmt(f)?;
        match self.attempts() {
            0 | 1 => Ok(()),
            attempts => write!(f, " (after {attempts} attempts)"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("request", &self.request())
            .field("kind", &self.0.kind)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.kind.source()
    }
}
