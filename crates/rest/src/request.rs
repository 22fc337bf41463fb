//! A request on its way from the user to the stack.

mod answer;
mod failure;
mod path;

pub(crate) use answer::Answer;
pub(crate) use path::Segments;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{Extensions, HeaderMap, HeaderValue, Method, Request, Response, Uri};
use kubekit_core::Query;
use serde::de::DeserializeOwned;

use crate::body::collect::{CollectError, collect};
use crate::error::{Kind, Phase};
use crate::request_info::Target;
use crate::stack::retry::SafeToRepeat;
use crate::{Body, Error, RequestInfo, RestClient};

/// A request by path, made by [`RestClient::request`].
///
/// What is wrong with its parts is reported when it is sent. Matches `rest.Request` of client-go with an absolute path.
///
/// # Cancel safety
///
/// When the future of [`send`](Self::send), [`bytes`](Self::bytes) or [`json`](Self::json) is dropped, the request is cancelled
/// and its connection freed. The server may have carried it out all the same.
///
/// # Examples
///
/// ```no_run
/// # async fn example(client: kubekit_rest::RestClient) -> Result<(), kubekit_rest::Error> {
/// let version: serde_json::Value = client.get("/version").json().await?;
/// println!("{}", version["gitVersion"]);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request is sent by `send`, `bytes` or `json`"]
pub struct RequestBuilder {
    client: RestClient,
    info: RequestInfo,
    method: Method,
    path: String,
    query: Query,
    headers: HeaderMap,
    body: Body,
    extensions: Extensions,
    limit: Option<Duration>,
    announced: Option<Duration>,
    problem: Option<Kind>,
}

impl RequestBuilder {
    pub(crate) fn by_path(client: &RestClient, method: Method, path: &str) -> Self {
        let shown = path.split('?').next().unwrap_or_default().to_owned();
        let verb = path::verb_of(&method);
        let mut request = Self::new(client, method, RequestInfo::new(verb, Target::Path(shown)));
        path.clone_into(&mut request.path);
        if !path.starts_with('/') {
            request.refuse(Kind::refused("its path does not begin with a slash"));
        }
        request
    }

    /// Starts a request whose path is still to be set.
    pub(crate) fn new(client: &RestClient, method: Method, info: RequestInfo) -> Self {
        let limits = client.limits();
        Self {
            client: client.clone(),
            info,
            method,
            path: String::new(),
            query: Query::new(),
            headers: HeaderMap::new(),
            body: Body::empty(),
            extensions: Extensions::new(),
            limit: limits.request,
            announced: limits.request.filter(|_| limits.announced),
            problem: None,
        }
    }

    /// Adds a query parameter; one of the same name is kept.
    pub fn query(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.query.push(name, value);
        self
    }

    /// Adds a header; one of the same name is kept. `Authorization`, `User-Agent` and `Accept-Encoding` go before those of
    /// the client.
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName, Error: Into<http::Error>>,
        V: TryInto<HeaderValue, Error: Into<http::Error>>,
    {
        let name = name.try_into().map_err(Into::into);
        let value = value.try_into().map_err(Into::into);
        match (name, value) {
            (Ok(name), Ok(value)) => drop(self.headers.append(name, value)),
            (Err(error), _) | (_, Err(error)) => {
                self.refuse(Kind::refused_because("it has an invalid header", error));
            }
        }
        self
    }

    /// Sets the body and its content type. None by default.
    pub fn body(mut self, content_type: &str, body: impl Into<Body>) -> Self {
        self.body = body.into();
        match HeaderValue::try_from(content_type) {
            Ok(value) => drop(self.headers.insert(CONTENT_TYPE, value)),
            Err(error) => self.refuse(Kind::refused_because(
                "it has an invalid content type",
                error,
            )),
        }
        self
    }

    /// Sets how long the request may take in all, and tells the server, as client-go does. The client's limit by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limit = Some(timeout);
        self.announced = Some(timeout);
        self
    }

    /// Says that the request may be carried out twice, so that it is sent again after a lost connection even if it is no GET.
    pub fn safe_to_repeat(self) -> Self {
        self.extension(SafeToRepeat)
    }

    /// Sends the request and returns the answer when it begins, whatever its status code.
    ///
    /// The time limit is for the beginning; reading the body is the caller's affair and so is bounding it.
    ///
    /// # Errors
    ///
    /// Fails when there is no answer.
    pub async fn send(self) -> Result<Response<Body>, Error> {
        let (limit, info) = (self.limit, self.info.clone());
        within(limit, &info, self.begin()).await
    }

    /// Sends the request and returns the body of a successful answer.
    ///
    /// # Errors
    ///
    /// Fails when there is no complete answer, it is too large, or its status code is not a success.
    pub async fn bytes(self) -> Result<Bytes, Error> {
        Ok(self.answer().await?.body)
    }

    /// Sends the request, asking for JSON, and decodes the body of a successful answer.
    ///
    /// # Errors
    ///
    /// Fails as [`bytes`](Self::bytes) does, and when the body is not such a value.
    pub async fn json<T: DeserializeOwned>(mut self) -> Result<T, Error> {
        self.accept("application/json");
        self.answer().await?.json()
    }

    /// Sends the request and reads the whole of a successful answer.
    pub(crate) async fn answer(self) -> Result<Answer, Error> {
        let (limit, info) = (self.limit, self.info.clone());
        let max_bytes = self.client.limits().answer;
        within(limit, &info, async {
            let mut answer = self.open().await?;
            let body = collect(answer.body_mut(), max_bytes)
                .await
                .map_err(|error| match error {
                    CollectError::TooLarge => Kind::TooLarge { limit: max_bytes },
                    CollectError::Broken(error) => Kind::of_transport(error),
                })
                .map_err(|kind| Error::of(&info, kind))?;
            Ok(Answer {
                info: info.clone(),
                body,
            })
        })
        .await
    }

    /// Sends the request and returns a successful answer when it begins. The only limit is that of the stack.
    pub(crate) async fn open(self) -> Result<Response<Body>, Error> {
        let info = self.info.clone();
        let method = self.method.clone();
        let answer = self.begin().await?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        Err(failure::error(&info, &method, answer).await)
    }

    async fn begin(self) -> Result<Response<Body>, Error> {
        let client = self.client.clone();
        let info = self.info.clone();
        let request = self.into_request().map_err(|kind| Error::of(&info, kind))?;
        client
            .execute(request)
            .await
            .map_err(|error| Error::of(&info, Kind::of_transport(error)))
    }

    fn into_request(mut self) -> Result<Request<Body>, Kind> {
        if let Some(timeout) = self.announced {
            self.query.push("timeout", path::go_duration(timeout));
        }
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let mut request = Request::new(self.body);
        *request.method_mut() = self.method;
        *request.uri_mut() = uri(self.path, &self.query)?;
        *request.headers_mut() = self.headers;
        *request.extensions_mut() = self.extensions;
        request.extensions_mut().insert(self.info);
        Ok(request)
    }

    pub(crate) fn path(&mut self, path: String) {
        self.path = path;
    }

    pub(crate) fn extend_query(&mut self, query: Query) {
        self.query.extend(query);
    }

    pub(crate) fn accept(&mut self, accept: &'static str) {
        self.headers
            .insert(http::header::ACCEPT, HeaderValue::from_static(accept));
    }

    /// Sets a body that may have failed to be encoded.
    pub(crate) fn encoded(&mut self, content_type: &'static str, body: Result<Bytes, Kind>) {
        self.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        match body {
            Ok(body) => self.body = body.into(),
            Err(problem) => self.refuse(problem),
        }
    }

    /// Tells the server of a time limit that the client does not enforce.
    pub(crate) fn announce(&mut self, timeout: Option<Duration>) {
        self.announced = timeout;
    }

    pub(crate) fn extension<T: Clone + Send + Sync + 'static>(mut self, extension: T) -> Self {
        self.extensions.insert(extension);
        self
    }

    /// Keeps the first reason not to send the request.
    pub(crate) fn refuse(&mut self, problem: Kind) {
        self.problem.get_or_insert(problem);
    }

    pub(crate) fn info(&self) -> &RequestInfo {
        &self.info
    }

    pub(crate) fn client(&self) -> &RestClient {
        &self.client
    }
}

impl fmt::Debug for RequestBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBuilder")
            .field("request", &self.info)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// Bounds a request as a whole.
async fn within<T>(
    limit: Option<Duration>,
    info: &RequestInfo,
    request: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let Some(limit) = limit else {
        return request.await;
    };
    match tokio::time::timeout(limit, request).await {
        Ok(result) => result,
        Err(_) => Err(Error::of(info, Kind::Timeout(Phase::Request, limit))),
    }
}

fn uri(path: String, query: &Query) -> Result<Uri, Kind> {
    let path = if query.is_empty() {
        path
    } else {
        let separator = if path.contains('?') { '&' } else { '?' };
        format!("{path}{separator}{query}")
    };
    Uri::try_from(path).map_err(|error| Kind::refused_because("it has no valid URL", error))
}
