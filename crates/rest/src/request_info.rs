//! What a request is about, for errors, spans and middleware.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use kubekit_core::{ApiResource, Name};

/// Says what a request is about: verb, resource, namespace and name.
///
/// Every request carries it in its extensions, so that a middleware can tell requests apart without parsing paths. It holds no
/// query, header or body and so no secret. A clone is cheap and shares the count of attempts.
#[derive(Clone)]
pub struct RequestInfo {
    inner: Arc<Inner>,
}

struct Inner {
    verb: &'static str,
    target: Target,
    attempts: AtomicU32,
}

pub(crate) enum Target {
    /// A path that the user wrote.
    Path(String),
    /// A resource or one of its objects.
    Resource {
        resource: Arc<ApiResource>,
        namespace: Option<Arc<str>>,
        name: Option<String>,
        subresource: Option<Name>,
    },
}

impl RequestInfo {
    pub(crate) fn new(verb: &'static str, target: Target) -> Self {
        let attempts = AtomicU32::new(0);
        Self {
            inner: Arc::new(Inner {
                verb,
                target,
                attempts,
            }),
        }
    }

    /// Returns the verb as authorization rules spell it, such as `get`, `list` or `deletecollection`; for a request by path the
    /// HTTP method in lower case.
    pub fn verb(&self) -> &'static str {
        self.inner.verb
    }

    /// Returns the resource, or `None` for a request by path.
    pub fn resource(&self) -> Option<&ApiResource> {
        match &self.inner.target {
            Target::Path(_) => None,
            Target::Resource { resource, .. } => Some(resource),
        }
    }

    /// Returns the namespace, if the request is made in one.
    pub fn namespace(&self) -> Option<&str> {
        match &self.inner.target {
            Target::Path(_) => None,
            Target::Resource { namespace, .. } => namespace.as_deref(),
        }
    }

    /// Returns the name of the object, if the request names one.
    pub fn name(&self) -> Option<&str> {
        match &self.inner.target {
            Target::Path(_) => None,
            Target::Resource { name, .. } => name.as_deref(),
        }
    }

    /// Returns the subresource, such as `status`.
    pub fn subresource(&self) -> Option<&str> {
        match &self.inner.target {
            Target::Path(_) => None,
            Target::Resource { subresource, .. } => subresource.as_deref(),
        }
    }

    /// Returns how many times the request has been sent so far; a replay after a 401 does not count.
    pub fn attempts(&self) -> u32 {
        self.inner.attempts.load(Ordering::Relaxed)
    }

    pub(crate) fn begin_attempt(&self) {
        self.inner.attempts.fetch_add(1, Ordering::Relaxed);
    }
}

/// Prints as a phrase: `get pods/log "web-0" in namespace "shop"`.
impl fmt::Display for RequestInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.verb())?;
        match &self.inner.target {
            Target::Path(path) => write!(f, " {path}"),
            Target::Resource {
                resource,
                namespace,
                name,
                subresource,
            } => {
                write!(f, " {resource}")?;
                if let Some(subresource) = subresource {
                    write!(f, "/{subresource}")?;
                }
                if let Some(name) = name {
                    write!(f, " {name:?}")?;
                }
                if let Some(namespace) = namespace {
                    write!(f, " in namespace {namespace:?}")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Debug for RequestInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestInfo")
            .field("request", &format_args!("{self}"))
            .field("attempts", &self.attempts())
            .finish()
    }
}
