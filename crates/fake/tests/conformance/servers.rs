//! The servers that scenarios are replayed against: a new one for each.

use std::future::Future;

use bytes::Bytes;
use http::uri::{Authority, Scheme, Uri};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use kubekit_fake::{ApiServer, AuthorizationMode, TokenTable};
use tokio::runtime;
use tower::{BoxError, ServiceBuilder, ServiceExt};

use crate::replay::{Body, Report, Scenario, Transport, replay};

/// The users of the recording server, as kube-apiserver's `--token-auth-file` has them.
const TOKENS: &str = "admintoken,admin,admin,system:masters\nplaintoken,plain,plain,dev\n";

/// How requests get to a server.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// The server is called as a service. The clock is paused, so nothing takes time.
    InProcess,
    /// HTTP/1.1 on the loopback interface.
    Socket,
}

impl Way {
    pub(crate) fn replay(self, scenario: &Scenario) -> Report {
        match self {
            Way::InProcess => run(true, async {
                let server = ServiceBuilder::new()
                    .map_request(|request: Request<Full<Bytes>>| request)
                    .map_response(|response: Response<_>| response.map(boxed))
                    .map_err(BoxError::from)
                    .service(server());
                replay(scenario, Transport::new(server)).await
            }),
            Way::Socket => run(false, async {
                let listening = server()
                    .listen(([127, 0, 0, 1], 0))
                    .await
                    .expect("a port is free");
                let authority = Authority::try_from(listening.address().to_string())
                    .expect("an address is an authority");
                replay(scenario, over_a_socket(authority)).await
            }),
        }
    }
}

/// A server as the recording one was: with two users, access rules, and nothing that acts in the background.
fn server() -> ApiServer {
    let tokens = TokenTable::parse(TOKENS).expect("the table is well-formed");
    ApiServer::builder()
        .tokens(tokens)
        .authorization_mode(AuthorizationMode::Rbac)
        .build()
}

fn over_a_socket(authority: Authority) -> Transport {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let address = move |mut request: Request<Full<Bytes>>| {
        let mut target = std::mem::take(request.uri_mut()).into_parts();
        target.scheme = Some(Scheme::HTTP);
        target.authority = Some(authority.clone());
        *request.uri_mut() = Uri::from_parts(target).expect("a target with an authority is a URI");
        request
    };
    let client = ServiceBuilder::new().map_request(address).service(client);
    Transport::new(
        client
            .map_response(|response| response.map(boxed))
            .map_err(BoxError::from),
    )
}

fn boxed<B>(body: B) -> Body
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    body.map_err(Into::into).boxed_unsync()
}

fn run<F: Future>(paused: bool, future: F) -> F::Output {
    let mut builder = runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().start_paused(paused).build();
    runtime.expect("a runtime can be started").block_on(future)
}
