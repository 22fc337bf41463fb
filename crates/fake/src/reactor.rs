//! Reactors: code of a test that answers in place of the server, or looks at its answers.

use std::sync::Arc;

use http::StatusCode;
use kubekit_core::Status;
use serde_json::Value;

use crate::action::Action;
use crate::answer::{Answer, Payload};
use crate::failure::Failure;
use crate::hook::Hooks;
use crate::http::Verb;
use crate::object::{Content, Object, Types};
use crate::registry::Resource;
use crate::request::{ApiRequest, Document, Operation};

/// What a reactor makes of a request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Reaction {
    /// Nothing: the next reactor is asked, in the end the server itself.
    PassOn,
    /// The request is answered with this object: 201 if it creates, otherwise 200. A request to a collection gets it as it is, so it
    /// should be a list; a watch cannot be answered like this and goes on.
    Answer(Value),
    /// The request fails like this.
    Refuse(Box<Status>),
}

impl From<Status> for Reaction {
    fn from(status: Status) -> Self {
        Reaction::Refuse(Box::new(status))
    }
}

/// A request as a reactor sees it.
#[derive(Debug)]
pub struct Attempt<'a> {
    pub(crate) action: &'a Action,
    pub(crate) request: &'a ApiRequest,
}

impl Attempt<'_> {
    /// Returns what is asked for.
    pub fn action(&self) -> &Action {
        self.action
    }

    /// Returns the object in a creation or an update, or the configuration that is applied, as the client wrote it, without `apiVersion`
    /// and `kind`.
    pub fn object(&self) -> Option<&serde_json::Map<String, Value>> {
        match &self.request.operation {
            Operation::Create { body, .. } | Operation::Update { body, .. } => Some(body),
            Operation::Apply { config, .. } => Some(&config.document),
            _ => None,
        }
    }

    /// Returns the patch as it was sent, unless it is applied.
    pub fn patch(&self) -> Option<&[u8]> {
        match &self.request.operation {
            Operation::Patch { patch, .. } => Some(patch.bytes()),
            _ => None,
        }
    }
}

/// What the server has made of a request.
#[derive(Debug)]
pub struct Outcome<'a>(pub(crate) Result<&'a Answer, &'a Status>);

impl Outcome<'_> {
    /// Returns the HTTP status code.
    pub fn code(&self) -> u16 {
        match self.0 {
            Ok(answer) => answer.code.as_u16(),
            Err(status) => status.code,
        }
    }

    /// Returns why the request failed, if it did.
    pub fn failure(&self) -> Option<&Status> {
        self.0.err()
    }

    /// Returns the object in the answer, without `apiVersion` and `kind`. It is decoded for this call.
    pub fn object(&self) -> Option<serde_json::Map<String, Value>> {
        match &self.0.ok()?.payload {
            Payload::Object { object, .. } => Some(object.document()),
            _ => None,
        }
    }
}

type Before = dyn Fn(&Attempt<'_>) -> Reaction + Send + Sync;
type After = dyn Fn(&Attempt<'_>, &Outcome<'_>) -> Reaction + Send + Sync;

/// The reactors of a server.
#[derive(Debug, Default)]
pub(crate) struct Reactors {
    pub(crate) before: Hooks<Before>,
    pub(crate) after: Hooks<After>,
}

impl Reactors {
    /// Whether there are none.
    pub(crate) fn are_idle(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// What a reactor answers in place of the server; the latest one is asked first.
    pub(crate) fn before(&self, attempt: &Attempt<'_>) -> Option<Result<Answer, Failure>> {
        let reactors = self.before.on(attempt.action);
        reactors.iter().rev().find_map(|(hook, react)| {
            hook.use_once()
                .then(|| react(attempt))
                .and_then(|reaction| reaction.carry_out(attempt))
        })
    }

    /// What the answer becomes once every reactor has seen what it was.
    pub(crate) fn after(
        &self,
        attempt: &Attempt<'_>,
        mut answer: Result<Answer, Failure>,
    ) -> Result<Answer, Failure> {
        for (hook, react) in self.after.on(attempt.action) {
            if hook.use_once() {
                let outcome = Outcome(answer.as_ref().map_err(|failure| &**failure));
                let reaction = react(attempt, &outcome);
                if let Some(other) = reaction.carry_out(attempt) {
                    answer = other;
                }
            }
        }
        answer
    }
}

impl Reaction {
    fn carry_out(self, attempt: &Attempt<'_>) -> Option<Result<Answer, Failure>> {
        let verb = attempt.action.verb;
        match self {
            Reaction::Answer(object) if verb != Verb::Watch => {
                let mut answer = answer(&attempt.request.resource, object);
                if verb == Verb::Create {
                    answer.code = StatusCode::CREATED;
                }
                Some(Ok(answer))
            }
            Reaction::PassOn | Reaction::Answer(_) => None,
            Reaction::Refuse(status) => Some(Err(status)),
        }
    }
}

/// An object that is not stored, with its own types or else those of the resource.
fn answer(resource: &Resource, object: Value) -> Answer {
    let mut document = match object {
        Value::Object(document) => document,
        _ => Document::new(),
    };
    let types = take_types(&mut document).unwrap_or_else(|| resource.types.clone());
    let version = document
        .get("metadata")
        .map(|metadata| &metadata["resourceVersion"]);
    let version = version
        .and_then(Value::as_str)
        .and_then(|version| version.parse().ok());
    let object = Object::unstored(Content::new(document, Vec::new()));
    Answer::object(types, object.at(version.unwrap_or(0)))
}

fn take_types(document: &mut Document) -> Option<Types> {
    let (kind, version) = (document.remove("kind")?, document.remove("apiVersion")?);
    let (group, version) = match version.as_str()?.split_once('/') {
        Some(parts) => parts,
        None => ("", version.as_str()?),
    };
    Some(Types::new(group, version, kind.as_str()?))
}

impl crate::ApiServer {
    /// Asks `reactor` before these requests are carried out; what it answers is the answer, and the store is not touched.
    ///
    /// The reactor added last is asked first, as after client-go's `PrependReactor`. It runs while the request waits, holds no lock, and may
    /// use this server. It sees requests to resources that passed decoding, and nothing of discovery.
    ///
    /// # Examples
    ///
    /// ```
    /// use k8s_openapi::api::core::v1::ConfigMap;
    /// use kubekit_core::{Namespace, Status, StatusReason};
    /// use kubekit_fake::{ApiServer, Reaction, Requests, Verb};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let server = ApiServer::new();
    /// let hook = server.react(Requests::all().verb(Verb::Create).resource("configmaps"), |attempt| {
    ///     match attempt.object().and_then(|object| object.get("data")) {
    ///         Some(_) => Reaction::PassOn,
    ///         None => Status::failure(403, StatusReason::Forbidden, "empty maps are not welcome").into(),
    ///     }
    /// });
    ///
    /// let mut map = ConfigMap::default();
    /// map.metadata.name = Some("empty".to_owned());
    /// let maps = server.client().api::<ConfigMap, _>(Namespace::new("default"));
    /// assert!(maps.create(&map).await.unwrap_err().is_forbidden());
    ///
    /// hook.remove();
    /// assert!(maps.create(&map).await.is_ok());
    /// # }
    /// ```
    pub fn react(
        &self,
        requests: crate::Requests,
        reactor: impl Fn(&Attempt<'_>) -> Reaction + Send + Sync + 'static,
    ) -> crate::Hook {
        self.world()
            .interception
            .reactors
            .before
            .add(requests, None, Arc::new(reactor))
    }

    /// Shows `reactor` what became of these requests, before the client sees it; what it answers replaces the answer. What has been
    /// written stays written.
    ///
    /// Reactors are asked in the order in which they were added, each seeing what those before it made of the answer.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU16, Ordering};
    /// use kubekit_fake::{ApiServer, Reaction, Requests};
    ///
    /// let server = ApiServer::new();
    /// let last = Arc::new(AtomicU16::new(0));
    /// let seen = Arc::clone(&last);
    /// server.react_after(Requests::all().resource("pods"), move |_, outcome| {
    ///     seen.store(outcome.code(), Ordering::Relaxed);
    ///     Reaction::PassOn
    /// });
    /// ```
    pub fn react_after(
        &self,
        requests: crate::Requests,
        reactor: impl Fn(&Attempt<'_>, &Outcome<'_>) -> Reaction + Send + Sync + 'static,
    ) -> crate::Hook {
        self.world()
            .interception
            .reactors
            .after
            .add(requests, None, Arc::new(reactor))
    }
}
