//! HTTP: from requests to verbs, and from their answers to responses.
//!
//! A request passes `path` and `route`, its options and body are decoded by `query`, `options` and `document`, the verbs answer it,
//! and `respond` writes the answer as `negotiate` has found the client wants it.

mod body;
mod compress;
mod document;
mod long_list;
mod media;
mod negotiate;
mod operation;
mod options;
mod path;
mod protobuf;
mod query;
mod refusal;
pub(crate) mod respond;
mod route;
mod table;
mod watch;
mod yaml;

use std::error::Error as StdError;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use http_body::Body as HttpBody;

use self::table::TableOptions;
use crate::access::{self, User};
use crate::action::Action;
use crate::connect::{self, Passage};
use crate::failure;
use crate::faults::Disconnected;
use crate::intercept::Exchange;
use crate::world::World;
use crate::{deprecation, discovery, endpoints};

pub use self::body::Body;
pub use self::route::Verb;

pub(crate) use self::negotiate::{Encoding, Endpoint, Representation, wants_aggregated_discovery};
pub(crate) use self::path::{ApiPath, ResourcePath};
pub(crate) use self::query::Query;
pub(crate) use self::route::{Refusal, Target};

/// Answers one request. Failures are answers too.
///
/// # Errors
///
/// Fails where a fault cuts the connection.
pub(crate) async fn answer<B>(
    world: &Arc<World>,
    request: Request<B>,
) -> Result<Response<Body>, Disconnected>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let (head, body) = request.into_parts();
    let query = Query::parse(head.uri.query());
    Ok(match dispatch(world, &head, &query, body).await {
        Ok(response) => response,
        Err(Refusal::Page) => respond::page_not_found(),
        Err(Refusal::Status(status)) => {
            respond::status(&status, Representation::of_errors(&head.headers, &query))
        }
        Err(Refusal::Disconnected(cut)) => return Err(cut),
    })
}

async fn dispatch<B>(
    world: &Arc<World>,
    head: &Parts,
    query: &Query,
    body: B,
) -> Result<Response<Body>, Refusal>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let path = ApiPath::parse(head.uri.path())
        .ok_or_else(|| failure::bad_request("the path is not UTF-8"))?;
    let user = access::admit(world, head, &path, query)?;
    if let ApiPath::Resource(path) = path {
        return serve_resource(world, head, query, user, path, body).await;
    }
    let exchange = Exchange::begin(world, Action::elsewhere(head, world.clock.now())).await?;
    let catalog = world.registry.snapshot();
    let response = match path {
        ApiPath::Other(path) => endpoints::answer(world, &path, head, query)?,
        path => compress::answer(
            &head.headers,
            discovery::answer(&catalog, &path, head, query)?,
        ),
    };
    Ok(exchange.deliver(response)?)
}

async fn serve_resource<B>(
    world: &Arc<World>,
    head: &Parts,
    query: &Query,
    user: Arc<User>,
    path: ResourcePath,
    body: B,
) -> Result<Response<Body>, Refusal>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let catalog = world.registry.snapshot();
    let target = Target::find(&catalog, path, &head.method, query)?;
    let action = Action::on(&target, head, world.clock.now());
    let mut exchange = Exchange::begin(world, action).await?;
    if let Some(passage) = passage(world, &target, head, query) {
        let response = connect::serve(passage, async || body::read(body).await).await?;
        return Ok(exchange.deliver(response)?);
    }
    let endpoint = match target.verb {
        _ if target.resource.is_custom() => Endpoint::Custom,
        Verb::List | Verb::Watch | Verb::DeleteCollection => Endpoint::Collection,
        _ => Endpoint::Object,
    };
    let representation = Representation::negotiate(&head.headers, query, endpoint)?;
    let resource = Arc::clone(&target.resource);
    let table = TableOptions::of(query, representation.shape, &world.clock)?;
    let body = body::read(body).await?;
    let request = operation::decode(target, user, head, query, body)?;
    let mut answer = exchange.carry_out(request)?;
    if let Some(warning) = deprecation::warning(&resource) {
        answer.warnings.insert(0, warning);
    }
    let response = respond::answer(answer, &resource, representation, table)?;
    let response = compress::answer(&head.headers, response);
    Ok(exchange.deliver(response)?)
}

/// The request as it is passed on, if it is one that the API server does not answer itself.
fn passage<'a>(
    world: &'a Arc<World>,
    target: &Target,
    head: &'a Parts,
    query: &'a Query,
) -> Option<Passage<'a>> {
    let subresource = target.subresource.as_ref()?;
    let is_passed_on = !target.resource.is_custom() && connect::is_passed_on(subresource);
    is_passed_on.then(|| Passage {
        world,
        resource: Arc::clone(&target.resource),
        subresource: subresource.clone(),
        namespace: target.namespace.clone().unwrap_or_default(),
        name: target.name.clone(),
        head,
        query,
    })
}
