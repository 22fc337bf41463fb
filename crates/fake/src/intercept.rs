//! Where a test gets between a request and its answer: the action log, reactors and faults.

use std::sync::Arc;

use http::Response;

use crate::action::{Action, ActionLog};
use crate::answer::{Answer, Payload};
use crate::faults::{Break, Disconnected, Faults, Mishap, Plan};
use crate::http::Body;
use crate::reactor::{Attempt, Reactors};
use crate::request::ApiRequest;
use crate::verbs;
use crate::world::World;

/// All that a test has put in between.
#[derive(Debug)]
pub(crate) struct Interception {
    pub(crate) actions: ActionLog,
    pub(crate) reactors: Reactors,
    pub(crate) faults: Faults,
}

/// One request on its way.
#[derive(Debug)]
pub(crate) struct Exchange<'a> {
    world: &'a Arc<World>,
    action: Action,
    plan: Plan,
    broken: Option<Break>,
}

impl Interception {
    /// Nothing but a log of so many actions.
    pub(crate) fn new(action_log: usize) -> Interception {
        Interception {
            actions: ActionLog::new(action_log),
            reactors: Reactors::default(),
            faults: Faults::default(),
        }
    }
}

impl<'a> Exchange<'a> {
    /// Records a request and goes through the faults that come before anything is done.
    ///
    /// # Errors
    ///
    /// What a fault makes of the request.
    pub(crate) async fn begin(world: &'a Arc<World>, action: Action) -> Result<Self, Mishap> {
        let interception = &world.interception;
        interception.actions.record(&action);
        let plan = interception.faults.plan(&action);
        plan.before().await?;
        Ok(Exchange {
            world,
            action,
            plan,
            broken: None,
        })
    }

    /// Lets reactors or else the server answer a request to a resource.
    ///
    /// # Errors
    ///
    /// What the API server, a reactor or a fault says.
    pub(crate) fn carry_out(&mut self, request: ApiRequest) -> Result<Answer, Mishap> {
        let reactors = &self.world.interception.reactors;
        let answer = if reactors.are_idle() {
            verbs::execute(self.world, request)
        } else {
            let attempt = Attempt {
                action: &self.action,
                request: &request,
            };
            let execute = || verbs::execute(self.world, request.clone());
            let answer = reactors.before(&attempt).unwrap_or_else(execute);
            reactors.after(&attempt, answer)
        };
        self.plan.after().map_err(Mishap::Disconnected)?;
        let mut answer = answer.map_err(Mishap::Refused)?;
        if let Payload::Watch(watch) = &mut answer.payload {
            self.broken = self.plan.spoil(watch);
        }
        Ok(answer)
    }

    /// Lets the response go out, as far as it goes.
    ///
    /// # Errors
    ///
    /// Fails if the client is not to get it.
    pub(crate) fn deliver(self, response: Response<Body>) -> Result<Response<Body>, Disconnected> {
        self.plan.after()?;
        Ok(match self.broken {
            Some(broken) => response.map(|body| body.breaking_off(broken)),
            None => response,
        })
    }
}

impl crate::ApiServer {
    /// Returns the latest requests, oldest first.
    ///
    /// Everything is in it that leads to something served and is allowed, whether or not it succeeded. The log is bounded by
    /// [`action_log`](crate::ApiServerBuilder::action_log).
    ///
    /// # Examples
    ///
    /// ```
    /// use k8s_openapi::api::core::v1::Pod;
    /// use kubekit_core::Namespace;
    /// use kubekit_fake::{ApiServer, Verb};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let server = ApiServer::new();
    /// server.client().api::<Pod, _>(Namespace::new("default")).list().await?;
    ///
    /// let actions = server.actions();
    /// assert_eq!(actions.len(), 1);
    /// assert_eq!((actions[0].verb, actions[0].resource.as_str()), (Verb::List, "pods"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn actions(&self) -> Vec<Action> {
        self.world().interception.actions.actions()
    }

    /// Forgets the requests so far.
    pub fn clear_actions(&self) {
        self.world().interception.actions.clear();
    }
}
