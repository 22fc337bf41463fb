//! Options of verbs, from the query and from the body of a DELETE.

use http::HeaderMap;
use http::header::USER_AGENT;
use kubekit_core::{CauseType, Status, StatusCause, StatusDetails, StatusReason};
use serde::Deserialize;
use serde_json::Value;

use super::query::Query;
use super::refusal;
use crate::request::{DeleteOptions, FieldValidation, GetOptions, ListOptions, Propagation, WriteOptions};

/// The longest name of a field manager, in characters.
const LONGEST_MANAGER: usize = 128;

/// Options that are wrong, collected for one answer as the API server gives it.
#[derive(Debug, Default)]
struct Problems(Vec<StatusCause>);

pub(crate) fn get(query: &Query) -> GetOptions {
    GetOptions {
        resource_version: query.text("resourceVersion").to_owned(),
    }
}

/// # Errors
///
/// 400 for numbers that are none.
pub(crate) fn list(query: &Query) -> Result<ListOptions, Status> {
    Ok(ListOptions {
        label_selector: query.text("labelSelector").to_owned(),
        field_selector: query.text("fieldSelector").to_owned(),
        limit: query.integer("limit").map_err(refusal::bad_request)?.unwrap_or(0),
        continue_token: query.text("continue").to_owned(),
        resource_version: query.text("resourceVersion").to_owned(),
        resource_version_match: query.text("resourceVersionMatch").to_owned(),
        timeout_seconds: query.integer("timeoutSeconds").map_err(refusal::bad_request)?,
        allow_watch_bookmarks: query.flag("allowWatchBookmarks").unwrap_or(false),
        send_initial_events: query.flag("sendInitialEvents"),
    })
}

/// Options of POST, PUT and PATCH; `kind` is what the API server calls them, such as `CreateOptions`.
///
/// # Errors
///
/// 422, with all that is wrong.
pub(crate) fn write(query: &Query, kind: &str) -> Result<WriteOptions, Status> {
    let mut problems = Problems::default();
    let dry_run = problems.dry_run(query.all("dryRun"));
    let field_validation = match query.text("fieldValidation") {
        "" | "Warn" => FieldValidation::Warn,
        "Ignore" => FieldValidation::Ignore,
        "Strict" => FieldValidation::Strict,
        other => {
            problems.not_supported("fieldValidation", other, r#""", "Ignore", "Strict", "Warn""#);
            FieldValidation::Warn
        }
    };
    problems.manager(query.text("fieldManager"));
    problems.into_result(kind)?;
    Ok(WriteOptions {
        dry_run,
        field_validation,
    })
}

/// Options that only a PATCH has: whether an apply takes over the fields of others.
///
/// # Errors
///
/// 422 for an apply without a field manager, and for `force` where there is nothing to force.
pub(crate) fn force(query: &Query, applies: bool) -> Result<bool, Status> {
    let mut problems = Problems::default();
    if applies && query.text("fieldManager").is_empty() {
        problems.add(CauseType::FIELD_VALUE_REQUIRED, "fieldManager", "Required value: is required for apply patch");
    }
    let force = query.flag("force");
    if !applies && force.is_some() {
        problems.add(
            CauseType::FIELD_VALUE_FORBIDDEN,
            "force",
            "Forbidden: may not be specified for non-apply patch",
        );
    }
    problems.into_result("PatchOptions")?;
    Ok(force.unwrap_or(false))
}

/// Options of DELETE. A body hides the query.
///
/// # Errors
///
/// 400 for a body that holds no such options and numbers that are none, 422 for values that are not allowed.
pub(crate) fn delete(query: &Query, body: Option<Value>) -> Result<DeleteOptions, Status> {
    let sent = match body {
        Some(body) => SentDeleteOptions::from_body(body)?,
        None => SentDeleteOptions::from_query(query)?,
    };
    sent.validate()
}

/// `fieldManager`, or what the user agent has before its first slash.
pub(crate) fn field_manager(query: &Query, headers: &HeaderMap) -> String {
    let named = query.text("fieldManager");
    if !named.is_empty() {
        return named.to_owned();
    }
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    let program = agent.unwrap_or_default().split('/').next().unwrap_or_default();
    program
        .chars()
        .filter(|character| !character.is_control())
        .take(LONGEST_MANAGER)
        .collect()
}

/// `metav1.DeleteOptions` as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SentDeleteOptions {
    kind: Option<String>,
    dry_run: Option<Vec<String>>,
    grace_period_seconds: Option<i64>,
    orphan_dependents: Option<bool>,
    propagation_policy: Option<String>,
    preconditions: Option<SentPreconditions>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SentPreconditions {
    uid: Option<String>,
    resource_version: Option<String>,
}

impl SentDeleteOptions {
    fn from_body(body: Value) -> Result<Self, Status> {
        let options: Self = serde_json::from_value(body)
            .map_err(|error| refusal::bad_request(format!("the object provided is unrecognized: {error}")))?;
        match options.kind.as_deref() {
            None | Some("" | "DeleteOptions") => Ok(options),
            Some(kind) => Err(refusal::bad_request(format!(
                "decoded object cannot be converted to DeleteOptions: it is a {kind}"
            ))),
        }
    }

    fn from_query(query: &Query) -> Result<Self, Status> {
        let text = |key| query.get(key).filter(|value| !value.is_empty()).map(str::to_owned);
        Ok(Self {
            kind: None,
            dry_run: Some(query.all("dryRun").map(str::to_owned).collect()),
            grace_period_seconds: query.integer("gracePeriodSeconds").map_err(refusal::bad_request)?,
            orphan_dependents: query.flag("orphanDependents"),
            propagation_policy: text("propagationPolicy"),
            preconditions: Some(SentPreconditions {
                uid: text("uid"),
                resource_version: text("resourceVersion"),
            }),
        })
    }

    fn validate(self) -> Result<DeleteOptions, Status> {
        let mut problems = Problems::default();
        let dry_run = self.dry_run.unwrap_or_default();
        let dry_run = problems.dry_run(dry_run.iter().map(String::as_str));
        let named = problems.propagation(self.propagation_policy.as_deref());
        if self.orphan_dependents.is_some() && self.propagation_policy.is_some() {
            problems.add(
                CauseType::FIELD_VALUE_INVALID,
                "propagationPolicy",
                "Invalid value: orphanDependents and deletionPropagation cannot be both set",
            );
        }
        problems.into_result("DeleteOptions")?;
        let orphaned = self.orphan_dependents.map(|orphan| match orphan {
            true => Propagation::Orphan,
            false => Propagation::Background,
        });
        let preconditions = self.preconditions.unwrap_or_default();
        Ok(DeleteOptions {
            dry_run,
            grace_period_seconds: self.grace_period_seconds,
            propagation_policy: named.or(orphaned),
            uid: preconditions.uid,
            resource_version: preconditions.resource_version,
        })
    }
}

impl Problems {
    fn add(&mut self, reason: CauseType, field: &str, message: impl Into<String>) {
        self.0.push(StatusCause::new(reason, message, field));
    }

    fn not_supported(&mut self, field: &str, value: &str, supported: &str) {
        let message = format!("Unsupported value: {value:?}: supported values: {supported}");
        self.add(CauseType::FIELD_VALUE_NOT_SUPPORTED, field, message);
    }

    fn dry_run<'a>(&mut self, values: impl Iterator<Item = &'a str>) -> bool {
        let mut dry_run = false;
        for value in values {
            match value {
                "All" => dry_run = true,
                "" => {}
                other => self.not_supported("dryRun", other, r#""All""#),
            }
        }
        dry_run
    }

    fn propagation(&mut self, value: Option<&str>) -> Option<Propagation> {
        match value? {
            "Orphan" => Some(Propagation::Orphan),
            "Background" => Some(Propagation::Background),
            "Foreground" => Some(Propagation::Foreground),
            other => {
                self.not_supported("propagationPolicy", other, r#""Background", "Foreground", "Orphan""#);
                None
            }
        }
    }

    fn manager(&mut self, name: &str) {
        if name.chars().count() > LONGEST_MANAGER {
            let message = format!("Too long: may not be more than {LONGEST_MANAGER} bytes");
            self.add(CauseType::new("FieldValueTooLong"), "fieldManager", message);
        }
        if name.chars().any(char::is_control) {
            let message = format!("Invalid value: {name:?}: should only contain printable characters");
            self.add(CauseType::FIELD_VALUE_INVALID, "fieldManager", message);
        }
    }

    fn into_result(self, kind: &str) -> Result<(), Status> {
        if self.0.is_empty() {
            return Ok(());
        }
        let texts: Vec<String> = self
            .0
            .iter()
            .map(|cause| format!("{}: {}", cause.field, cause.message))
            .collect();
        let problems = match texts.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        let message = format!("{kind}.meta.k8s.io \"\" is invalid: {problems}");
        let mut details = StatusDetails::default();
        details.group = "meta.k8s.io".to_owned();
        details.kind = kind.to_owned();
        details.causes = self.0;
        Err(Status::failure(422, StatusReason::Invalid, message).details(details))
    }
}
