//! Columns of bindings and of certificate signing requests.

use jiff::Timestamp;
use serde_json::Value;

use super::super::age::age;
use super::super::cells::{NONE, elements, text};
use super::{AGE, Cell, Column, NAME, column, made, wide};

pub(super) const BINDINGS: &[Column] = &[
    NAME,
    made("Role", |binding| {
        let (kind, name) = (
            text(binding, "/roleRef/kind"),
            text(binding, "/roleRef/name"),
        );
        format!("{kind}/{name}").into()
    }),
    AGE,
    wide("Users", Cell::Made(|binding| subjects(binding, "User"))),
    wide("Groups", Cell::Made(|binding| subjects(binding, "Group"))),
    wide(
        "ServiceAccounts",
        Cell::Made(|binding| subjects(binding, "ServiceAccount")),
    ),
];

pub(super) const SIGNING_REQUESTS: &[Column] = &[
    NAME,
    AGE,
    column("SignerName", Cell::Text("/spec/signerName")),
    column("Requestor", Cell::Text("/spec/username")),
    made("RequestedDuration", |request| {
        let seconds = &request["spec"]["expirationSeconds"];
        let end = seconds
            .as_i64()
            .and_then(|seconds| Timestamp::from_second(seconds).ok());
        end.map_or_else(|| NONE.to_owned(), |end| age(Timestamp::UNIX_EPOCH, end))
            .into()
    }),
    made("Condition", |request| condition(request).into()),
];

/// The names of the subjects of a kind; accounts with their namespaces.
fn subjects(binding: &Value, kind: &str) -> Value {
    let subjects = elements(binding, "/subjects").iter();
    let subjects = subjects.filter(|subject| subject["kind"] == kind);
    let names = subjects.map(|subject| match text(subject, "/namespace") {
        namespace if kind == "ServiceAccount" => format!("{namespace}/{}", text(subject, "/name")),
        _ => text(subject, "/name").to_owned(),
    });
    names.collect::<Vec<_>>().join(", ").into()
}

fn condition(request: &Value) -> String {
    let has = |kind: &str| {
        let mut conditions = elements(request, "/status/conditions").iter();
        conditions.any(|condition| condition["type"] == kind)
    };
    let mut state = match (has("Denied"), has("Approved")) {
        (true, _) => "Denied",
        (false, true) => "Approved",
        (false, false) => "Pending",
    }
    .to_owned();
    if has("Failed") {
        state.push_str(",Failed");
    }
    if !text(request, "/status/certificate").is_empty() {
        state.push_str(",Issued");
    }
    state
}
