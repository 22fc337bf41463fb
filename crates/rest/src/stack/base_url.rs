//! Puts the server's URL before the path of a request.

use std::sync::Arc;
use std::task::{Context, Poll};

use futures::future::{Either, Ready, ready};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Request, Uri};
use tower::{BoxError, Layer, Service};

use crate::Body;
use crate::error::Kind;

/// Puts the server's scheme, authority and path prefix into each request.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrlLayer {
    base: Arc<Base>,
}

#[derive(Debug)]
struct Base {
    scheme: Scheme,
    authority: Authority,
    /// Begins with a slash and does not end with one, or is empty.
    prefix: String,
}

impl BaseUrlLayer {
    pub(crate) fn new(server: &Uri) -> Result<Self, Kind> {
        let parts = server.clone().into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(Kind::config("the URL of the server is not absolute"));
        };
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(Kind::config(
                "the URL of the server is neither http nor https",
            ));
        }
        if authority.as_str().contains('@') {
            return Err(Kind::config(
                "the URL of the server holds a user name or password",
            ));
        }
        let prefix = server.path().trim_end_matches('/').to_owned();
        Ok(Self {
            base: Arc::new(Base {
                scheme,
                authority,
                prefix,
            }),
        })
    }
}

impl Base {
    fn resolve(&self, path: &Uri) -> Result<Uri, http::Error> {
        let path_and_query = match (self.prefix.as_str(), path.path_and_query()) {
            ("", Some(path)) => path.clone(),
            (prefix, Some(path)) => PathAndQuery::try_from(format!("{prefix}{path}"))?,
            (prefix, None) => PathAndQuery::try_from(format!("{prefix}/"))?,
        };
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(path_and_query)
            .build()
    }
}

impl<S> Layer<S> for BaseUrlLayer {
    type Service = BaseUrl<S>;

    fn layer(&self, inner: S) -> BaseUrl<S> {
        BaseUrl {
            base: Arc::clone(&self.base),
            inner,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct BaseUrl<S> {
    base: Arc<Base>,
    inner: S,
}

impl<S> Service<Request<Body>> for BaseUrl<S>
where
    S: Service<Request<Body>, Error = BoxError>,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Either<S::Future, Ready<Result<S::Response, BoxError>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        match self.base.resolve(request.uri()) {
            Ok(uri) => {
                *request.uri_mut() = uri;
                Either::Left(self.inner.call(request))
            }
            Err(error) => Either::Right(ready(Err(error.into()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_prefix_is_kept() {
        let cases = [
            (
                "https://api.example:6443",
                "/api?x=1",
                "https://api.example:6443/api?x=1",
            ),
            (
                "https://api.example/",
                "/version",
                "https://api.example/version",
            ),
            (
                "http://[::1]:8080/k8s/a/",
                "/api/v1",
                "http://[::1]:8080/k8s/a/api/v1",
            ),
        ];
        for (server, path, expected) in cases {
            let base = BaseUrlLayer::new(&Uri::from_static(server)).expect("a valid server");
            let uri = base
                .base
                .resolve(&Uri::from_static(path))
                .expect("a valid result");
            assert_eq!(uri.to_string(), expected);
        }
    }

    #[test]
    fn a_url_with_credentials_or_without_a_host_is_refused() {
        for server in ["/just/a/path", "https://user:secret@api.example"] {
            let refused = BaseUrlLayer::new(&Uri::from_static(server)).expect_err(server);
            assert!(!refused.to_string().contains("secret"));
        }
    }
}
