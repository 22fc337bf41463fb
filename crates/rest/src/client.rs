//! The client.

mod builder;

pub use builder::ClientBuilder;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, Request, Response};
use k8s_openapi::Resource;
use kubekit_config::Config;
use kubekit_core::{ApiResource, Scope, Served, StaticResource, Unstructured};
use tower::{BoxError, ServiceExt};

use crate::stack::HttpService;
use crate::{Api, Body, Error, RequestBuilder};

/// A client of one API server.
///
/// A clone is cheap and shares everything: the connections, the credentials and the pace that the server's refusals set. Make
/// one per server and identity, and clone it. It must be used within a tokio runtime.
///
/// Matches `rest.RESTClient` of client-go, without being bound to one API group.
///
/// # Examples
///
/// ```no_run
/// use k8s_openapi::api::core::v1::Pod;
/// use kubekit_config::Config;
/// use kubekit_core::Namespace;
/// use kubekit_rest::RestClient;
///
/// # async fn example(config: Config) -> Result<(), kubekit_rest::Error> {
/// let client = RestClient::new(&config)?;
/// let pods = client.api::<Pod, _>(Namespace::new(client.default_namespace()));
/// for pod in pods.list().limit(10).await?.items {
///     println!("{}", pod.metadata.name.unwrap_or_default());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RestClient {
    inner: Arc<Inner>,
}

struct Inner {
    service: HttpService,
    default_namespace: String,
    limits: Limits,
}

/// What bounds the requests of a client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// For a request that ends, as a whole.
    pub(crate) request: Option<Duration>,
    /// Whether the server is told of that limit.
    pub(crate) announced: bool,
    /// For the beginning of the answer to a watch.
    pub(crate) head: Duration,
    /// For the bytes of an answer, after decompression.
    pub(crate) answer: usize,
}

impl RestClient {
    /// Makes a client from a configuration, with the defaults of [`ClientBuilder`].
    ///
    /// Files with certificates are read now; a token file is read when it is needed. No connection is made yet.
    ///
    /// # Errors
    ///
    /// Fails with [`Error::is_config`] when the configuration is contradictory or names what cannot be read, and with
    /// [`Error::is_unsupported`] when it asks for a proxy, a credential plugin or an authentication provider.
    pub fn new(config: &Config) -> Result<Self, Error> {
        Self::builder(config).build()
    }

    /// Starts a client whose parts can be replaced.
    pub fn builder(config: &Config) -> ClientBuilder {
        ClientBuilder::new(config)
    }

    pub(crate) fn from_parts(
        service: HttpService,
        default_namespace: String,
        limits: Limits,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                service,
                default_namespace,
                limits,
            }),
        }
    }

    /// Returns the namespace that the configuration chose for requests that name none.
    pub fn default_namespace(&self) -> &str {
        &self.inner.default_namespace
    }

    /// Addresses the objects of a kind, in a scope in which the kind is served: another one does not compile.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use k8s_openapi::api::core::v1::{Node, Pod};
    /// use kubekit_core::{AllNamespaces, Cluster, Namespace};
    ///
    /// # fn example(client: &kubekit_rest::RestClient) {
    /// let nodes = client.api::<Node, _>(Cluster);
    /// let pods = client.api::<Pod, _>(Namespace::new("shop"));
    /// let all_pods = client.api::<Pod, _>(AllNamespaces);
    /// # }
    /// ```
    pub fn api<K, S>(&self, scope: S) -> Api<K, S>
    where
        K: StaticResource,
        <K as Resource>::Scope: Served<S>,
        S: Scope,
    {
        Api::of_static(self, &scope)
    }

    /// Addresses the objects of a resource that is only known at run time. Matches `dynamic.Interface`.
    ///
    /// # Errors
    ///
    /// Fails as [`Api::new`] does.
    pub fn dynamic_api<S: Scope>(
        &self,
        resource: ApiResource,
        scope: S,
    ) -> Result<Api<Unstructured, S>, Error> {
        Api::new(self, resource, scope)
    }

    /// Starts a request by path, for what is no object: `/version`, `/healthz`, `/openapi/v3`.
    ///
    /// The path begins with a slash and is relative to the server's URL; it may hold a query.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        RequestBuilder::by_path(self, method, path)
    }

    /// Starts a GET by path, as [`request`](Self::request) does.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// Sends a request through the stack.
    pub(crate) async fn execute(&self, request: Request<Body>) -> Result<Response<Body>, BoxError> {
        self.inner.service.clone().oneshot(request).await
    }
}

impl fmt::Debug for RestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RestClient")
            .field("default_namespace", &self.inner.default_namespace)
            .field("limits", &self.inner.limits)
            .finish_non_exhaustive()
    }
}
