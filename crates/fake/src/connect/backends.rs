//! The handlers that a test supplies.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use http::Response;

use super::{PodLog, PodSession, Proxied};
use crate::failure::Failure;
use crate::http::Body;

type Logs = dyn Fn(PodLog) -> Result<Body, Failure> + Send + Sync;
type Sessions = dyn Fn(PodSession) -> BoxFuture<'static, ()> + Send + Sync;
type Proxy = dyn Fn(Proxied) -> BoxFuture<'static, Response<Body>> + Send + Sync;

/// What answers in place of nodes and of what runs on them.
#[derive(Clone, Default)]
pub(crate) struct Backends {
    pub(crate) logs: Option<Arc<Logs>>,
    pub(crate) attach: Option<Arc<Sessions>>,
    pub(crate) exec: Option<Arc<Sessions>>,
    pub(crate) port_forward: Option<Arc<Sessions>>,
    pub(crate) proxy: Option<Arc<Proxy>>,
}

impl Backends {
    /// What takes the sessions of a subresource.
    pub(super) fn sessions(&self, subresource: &str) -> Option<&Arc<Sessions>> {
        match subresource {
            "attach" => self.attach.as_ref(),
            "exec" => self.exec.as_ref(),
            _ => self.port_forward.as_ref(),
        }
    }
}

/// Makes a handler of sessions of a function.
pub(crate) fn sessions<F>(
    handler: impl Fn(PodSession) -> F + Send + Sync + 'static,
) -> Arc<Sessions>
where
    F: Future<Output = ()> + Send + 'static,
{
    Arc::new(move |session| Box::pin(handler(session)))
}

impl fmt::Debug for Backends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backends")
            .field("logs", &self.logs.is_some())
            .field("attach", &self.attach.is_some())
            .field("exec", &self.exec.is_some())
            .field("port_forward", &self.port_forward.is_some())
            .field("proxy", &self.proxy.is_some())
            .finish()
    }
}
