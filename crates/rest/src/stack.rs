//! What a request passes on its way to the wire.

pub(crate) mod auth;
pub(crate) mod base_url;
pub(crate) mod head_timeout;
pub(crate) mod headers;
pub(crate) mod impersonate;
pub(crate) mod retry;
pub(crate) mod throttle;
pub(crate) mod trace;
pub(crate) mod warnings;

use http::{Request, Response};
use tower::util::BoxCloneSyncService;
use tower::{BoxError, ServiceBuilder};
use tower_http::decompression::DecompressionLayer;
use tower_http::map_response_body::MapResponseBodyLayer;

use crate::Body;
use crate::stack::auth::AuthLayer;
use crate::stack::base_url::BaseUrlLayer;
use crate::stack::head_timeout::HeadTimeoutLayer;
use crate::stack::headers::StaticHeaders;
use crate::stack::impersonate::Impersonation;
use crate::stack::retry::RetryLayer;
use crate::stack::throttle::ThrottleLayer;
use crate::stack::trace::TraceLayer;
use crate::stack::warnings::WarningsLayer;

/// A service that answers requests: a transport, or a transport with layers around it.
pub(crate) type HttpService = BoxCloneSyncService<Request<Body>, Response<Body>, BoxError>;

/// What the layers of a client need to know.
pub(crate) struct Settings {
    pub(crate) headers: StaticHeaders,
    pub(crate) warnings: WarningsLayer,
    pub(crate) retry: RetryLayer,
    pub(crate) impersonation: Impersonation,
    pub(crate) auth: AuthLayer,
    pub(crate) decompression: DecompressionLayer,
    pub(crate) base_url: BaseUrlLayer,
}

/// Builds the stack, outermost layer first.
pub(crate) fn stack(settings: Settings, transport: HttpService) -> HttpService {
    let headers = settings.headers;
    let impersonation = settings.impersonation;
    let service = ServiceBuilder::new()
        // One span per request, so that everything below happens within it.
        .layer(TraceLayer)
        // The same for every attempt, so it is done once.
        .map_request(move |request| headers.apply(request))
        // Outside the retries, so that only the answer that counts is heard.
        .layer(settings.warnings)
        // Outside everything that belongs to one attempt.
        .layer(settings.retry)
        // Inside the retries, so that they are slowed down as well.
        .layer(ThrottleLayer::default())
        // Before authentication, which says who is asking; this says for whom.
        .map_request(move |request| impersonation.apply(request))
        // Inside the retries, so that each attempt has the newest credential and a replay after 401 is none of theirs.
        .layer(settings.auth)
        // Inside authentication, so that fetching a credential is not counted.
        .layer(HeadTimeoutLayer)
        // Decompressed bodies leave here; everything above sees one type of body.
        .layer(MapResponseBodyLayer::new(Body::new))
        .layer(settings.decompression)
        // Last, so that everything above can speak of paths.
        .layer(settings.base_url)
        .service(transport);
    BoxCloneSyncService::new(service)
}
