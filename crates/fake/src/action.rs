//! What clients asked for, as it came in.

use std::collections::VecDeque;

use http::header::USER_AGENT;
use http::request::Parts;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use parking_lot::Mutex;

use crate::http::{Target, Verb};

/// One request, as the [action log](crate::ApiServer::actions) keeps it and [`Requests`](crate::Requests) match it.
///
/// The counterpart of client-go's `testing.Action`. Requests that do not lead to anything that is served, and those that are refused for
/// who sends them, are no actions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Action {
    /// When it came in, by the clock of the server.
    pub time: Timestamp,
    /// What was asked for. Outside of resources (discovery, `/version`) this is what the HTTP method most often means.
    pub verb: Verb,
    /// The path as it was sent, without the query.
    pub path: String,
    /// The API group; empty for the core group and outside of resources.
    pub group: String,
    /// The version of the API group; empty outside of resources.
    pub version: String,
    /// The plural name of the resource; empty outside of resources.
    pub resource: String,
    /// The part after the name, such as `status`; most often empty.
    pub subresource: String,
    /// Empty for objects of the cluster and for requests across namespaces.
    pub namespace: String,
    /// Empty for requests to a collection, also where the object to create has a name.
    pub name: String,
    /// What the client calls itself.
    pub user_agent: String,
}

impl Action {
    /// A request to a resource.
    pub(crate) fn on(target: &Target, head: &Parts, time: Timestamp) -> Action {
        let resource = &target.resource;
        Action {
            verb: target.verb,
            group: resource.group.clone(),
            version: resource.version.clone(),
            resource: resource.plural.clone(),
            subresource: target.subresource.clone().unwrap_or_default(),
            namespace: target.namespace.clone().unwrap_or_default(),
            name: target.name.clone(),
            ..Action::elsewhere(head, time)
        }
    }

    /// A request to anything else.
    pub(crate) fn elsewhere(head: &Parts, time: Timestamp) -> Action {
        Action {
            time,
            verb: meaning(&head.method),
            path: head.uri.path().to_owned(),
            group: String::new(),
            version: String::new(),
            resource: String::new(),
            subresource: String::new(),
            namespace: String::new(),
            name: String::new(),
            user_agent: user_agent(&head.headers),
        }
    }
}

/// The latest actions.
#[derive(Debug)]
pub(crate) struct ActionLog {
    actions: Mutex<VecDeque<Action>>,
    limit: usize,
}

impl ActionLog {
    /// A log that forgets the oldest action when there are more than `limit`.
    pub(crate) fn new(limit: usize) -> ActionLog {
        ActionLog {
            actions: Mutex::default(),
            limit,
        }
    }

    pub(crate) fn record(&self, action: &Action) {
        if self.limit == 0 {
            return;
        }
        let mut actions = self.actions.lock();
        if actions.len() == self.limit {
            actions.pop_front();
        }
        actions.push_back(action.clone());
    }

    pub(crate) fn actions(&self) -> Vec<Action> {
        self.actions.lock().iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.actions.lock().clear();
    }
}

fn meaning(method: &Method) -> Verb {
    match *method {
        Method::POST => Verb::Create,
        Method::PUT => Verb::Update,
        Method::PATCH => Verb::Patch,
        Method::DELETE => Verb::Delete,
        _ => Verb::Get,
    }
}

fn user_agent(headers: &HeaderMap) -> String {
    let value = headers.get(USER_AGENT);
    value.map_or_else(String::new, |value| {
        String::from_utf8_lossy(value.as_bytes()).into_owned()
    })
}
