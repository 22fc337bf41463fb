//! Putting a client together.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{HeaderName, USER_AGENT};
use http::{HeaderMap, HeaderValue, Request, Response};
use kubekit_config::Config;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Layer, Service, ServiceExt};
use tower_http::decompression::DecompressionLayer;

use super::{Limits, RestClient};
use crate::connect::Connections;
use crate::error::Kind;
use crate::stack::auth::{AuthLayer, source};
use crate::stack::base_url::BaseUrlLayer;
use crate::stack::headers::StaticHeaders;
use crate::stack::impersonate::Impersonation;
use crate::stack::retry::RetryLayer;
use crate::stack::warnings::WarningsLayer;
use crate::stack::{HttpService, Settings, stack};
use crate::user_agent::default_user_agent;
use crate::{Body, Error, RetryPolicy, Warning};

/// Builds a [`RestClient`] whose parts can be replaced.
///
/// # Examples
///
/// ```no_run
/// use kubekit_config::Config;
/// use kubekit_rest::{RestClient, user_agent};
///
/// # fn example(config: Config) -> Result<(), kubekit_rest::Error> {
/// let client = RestClient::builder(&config)
///     .user_agent(user_agent("website-operator", "1.4.0"))
///     .on_warning(|warning| eprintln!("warning: {}", warning.text))
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub struct ClientBuilder {
    config: Config,
    transport: Option<HttpService>,
    layers: Vec<Box<dyn FnOnce(HttpService) -> HttpService + Send>>,
    user_agent: Option<String>,
    headers: HeaderMap,
    warnings: WarningsLayer,
    retry: RetryPolicy,
    connect_timeout: Duration,
    request_timeout: Option<Duration>,
    head_timeout: Duration,
    max_answer_bytes: usize,
}

impl ClientBuilder {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            config: config.clone(),
            transport: None,
            layers: Vec::new(),
            user_agent: None,
            headers: HeaderMap::new(),
            warnings: WarningsLayer::default(),
            retry: RetryPolicy::new(),
            connect_timeout: Duration::from_secs(10),
            request_timeout: Some(Duration::from_secs(120)),
            head_timeout: Duration::from_secs(30),
            max_answer_bytes: 2 << 30,
        }
    }

    /// Replaces the connections by a service, such as an API server within the process. Everything above stays in place: the
    /// service sees requests with absolute URLs, credentials and all headers, once per attempt.
    ///
    /// By default connections are made as the configuration says. TLS settings and the proxy are not looked at when a
    /// transport is given.
    pub fn transport<T, B>(mut self, transport: T) -> Self
    where
        T: Service<
                Request<Body>,
                Response = Response<B>,
                Error: Into<BoxError>,
                Future: Send + 'static,
            > + Clone
            + Send
            + Sync
            + 'static,
        B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        self.transport = Some(erase(transport));
        self
    }

    /// Adds a layer around everything else, so that it sees each request once, before retries and credentials, with a path
    /// instead of a URL and [`RequestInfo`](crate::RequestInfo) in the extensions. The last one added is the outermost.
    ///
    /// A layer that must see each attempt as it goes to the wire belongs around the [`transport`](Self::transport).
    pub fn layer<L, B>(mut self, layer: L) -> Self
    where
        L: Layer<BoxCloneSyncService<Request<Body>, Response<Body>, BoxError>> + Send + 'static,
        L::Service: Service<
                Request<Body>,
                Response = Response<B>,
                Error: Into<BoxError>,
                Future: Send + 'static,
            > + Clone
            + Send
            + Sync
            + 'static,
        B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        self.layers
            .push(Box::new(move |service| erase(layer.layer(service))));
        self
    }

    /// Sets the user agent; [`user_agent`](crate::user_agent()) writes one of the usual form. By default it names the running
    /// program, without a version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Adds a header to every request that does not have it by itself. None by default.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// Sets who is told of the server's warnings. By default they are logged by `tracing`.
    pub fn on_warning(mut self, handler: impl Fn(Warning<'_>) + Send + Sync + 'static) -> Self {
        self.warnings = WarningsLayer::new(handler);
        self
    }

    /// Sets when requests are sent again. [`RetryPolicy::new`] by default.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets how long a connection may take to make, TLS handshake included. 10 s by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long a request that ends may take in all: connecting, retries and the whole answer. Watches are not bound
    /// by it; see [`head_timeout`](Self::head_timeout).
    ///
    /// 120 s by default, twice the limit that API servers set by default. A limit in the configuration goes first and is also
    /// told to the server, as client-go does; [`RequestBuilder::timeout`](crate::RequestBuilder::timeout) goes before both.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = Some(timeout);
        self
    }

    /// Lets requests take any time. They may take 120 s by default.
    pub fn without_request_timeout(mut self) -> Self {
        self.request_timeout = None;
        self
    }

    /// Sets how long the answer to a watch may take to begin, for each attempt. 30 s by default.
    pub fn head_timeout(mut self, timeout: Duration) -> Self {
        self.head_timeout = timeout;
        self
    }

    /// Sets how large an answer may be, in bytes after decompression. 2 GiB by default. The frames of a watch have a limit of
    /// their own, which their codec sets.
    pub fn max_answer_bytes(mut self, limit: usize) -> Self {
        self.max_answer_bytes = limit;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// Fails as [`RestClient::new`] does.
    pub fn build(self) -> Result<RestClient, Error> {
        self.try_build().map_err(Error::without_request)
    }

    fn try_build(mut self) -> Result<RestClient, Kind> {
        let settings = self.settings()?;
        let transport = match self.transport.take() {
            Some(transport) => transport,
            None => self.connections()?,
        };
        let mut service = stack(settings, transport);
        for layer in self.layers {
            service = layer(service);
        }
        let limits = Limits {
            request: self.config.request_timeout.or(self.request_timeout),
            announced: self.config.request_timeout.is_some(),
            head: self.head_timeout,
            answer: self.max_answer_bytes,
        };
        Ok(RestClient::from_parts(
            service,
            self.config.default_namespace,
            limits,
        ))
    }

    fn settings(&self) -> Result<Settings, Kind> {
        let config = &self.config;
        let has_client_certificate = config.tls.client_certificate.is_some();
        Ok(Settings {
            headers: StaticHeaders::new(self.static_headers()?),
            warnings: self.warnings.clone(),
            retry: RetryLayer::new(self.retry),
            impersonation: Impersonation::new(&config.auth.impersonate)?,
            auth: AuthLayer::new(source::from_config(&config.auth, has_client_certificate)?),
            decompression: DecompressionLayer::new().gzip(!config.disable_compression),
            base_url: BaseUrlLayer::new(&config.server)?,
        })
    }

    fn static_headers(&self) -> Result<HeaderMap, Kind> {
        let user_agent = self.user_agent.clone().unwrap_or_else(default_user_agent);
        let user_agent = HeaderValue::try_from(user_agent).map_err(|error| {
            Kind::config_because("the user agent cannot be written as a header", error)
        })?;
        let mut headers = self.headers.clone();
        headers.insert(USER_AGENT, user_agent);
        Ok(headers)
    }

    fn connections(&self) -> Result<HttpService, Kind> {
        let config = &self.config;
        if config.proxy_url.is_some() {
            return Err(Kind::Unsupported("a proxy"));
        }
        Connections::new(&config.server, &config.tls, self.connect_timeout).map(erase)
    }
}

/// Makes services of one type out of all kinds.
fn erase<T, B>(service: T) -> HttpService
where
    T: Service<
            Request<Body>,
            Response = Response<B>,
            Error: Into<BoxError>,
            Future: Send + 'static,
        > + Clone
        + Send
        + Sync
        + 'static,
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    BoxCloneSyncService::new(
        service
            .map_response(|answer: Response<B>| answer.map(Body::new))
            .map_err(Into::into),
    )
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("config", &self.config)
            .field("user_agent", &self.user_agent)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
