//! Options of verbs, from the query and from the body of a DELETE.

use kubekit_core::CauseType;
use serde::Deserialize;
use serde_json::Value;

use super::query::Query;
use crate::failure::{self, Failure, FieldError, FieldErrors};
use crate::request::{
    DeleteOptions, FieldValidation, GetOptions, ListOptions, Managing, Propagation, WriteOptions,
};

/// The longest name of a field manager, in characters.
const LONGEST_MANAGER: usize = 128;

pub(crate) fn get(query: &Query) -> GetOptions {
    GetOptions {
        resource_version: query.text("resourceVersion").to_owned(),
    }
}

/// # Errors
///
/// 400 for numbers that are none.
pub(crate) fn list(query: &Query) -> Result<ListOptions, Failure> {
    Ok(ListOptions {
        label_selector: query.text("labelSelector").to_owned(),
        field_selector: query.text("fieldSelector").to_owned(),
        limit: query
            .integer("limit")
            .map_err(failure::bad_request)?
            .unwrap_or(0),
        continue_token: query.text("continue").to_owned(),
        resource_version: query.text("resourceVersion").to_owned(),
        resource_version_match: query.text("resourceVersionMatch").to_owned(),
        timeout_seconds: query
            .integer("timeoutSeconds")
            .map_err(failure::bad_request)?,
        allow_watch_bookmarks: query.flag("allowWatchBookmarks").unwrap_or(false),
        send_initial_events: query.flag("sendInitialEvents"),
    })
}

/// Options of POST, PUT and PATCH; `kind` is what the API server calls them, such as `CreateOptions`. Who does not say who writes is
/// known by the `user_agent`.
///
/// # Errors
///
/// 422, with all that is wrong.
pub(crate) fn write(query: &Query, kind: &str, user_agent: &str) -> Result<WriteOptions, Failure> {
    let mut errors = FieldErrors::default();
    let dry_run = dry_run(query.all("dryRun"), &mut errors);
    let validation = query.text("fieldValidation");
    let supported = ["", "Ignore", "Strict", "Warn"];
    if !supported.contains(&validation) {
        errors.push(FieldError::not_supported(
            "fieldValidation",
            validation,
            &supported,
        ));
    }
    check_manager(query.text("fieldManager"), &mut errors);
    refuse(kind, errors)?;
    let field_manager = match query.text("fieldManager") {
        "" => manager_of(user_agent),
        name => name.to_owned(),
    };
    Ok(WriteOptions {
        dry_run,
        field_manager,
        managing: Managing::Tracked,
        field_validation: match validation {
            "Ignore" => FieldValidation::Ignore,
            "Strict" => FieldValidation::Strict,
            _ => FieldValidation::Warn,
        },
        oddities: Vec::new(),
    })
}

/// Checks the options that only a PATCH has: whether an apply takes over the fields of others.
///
/// # Errors
///
/// 422 for an apply without a field manager, and for `force` where there is nothing to force.
pub(crate) fn check_force(query: &Query, applies: bool) -> Result<(), Failure> {
    let mut errors = FieldErrors::default();
    if applies && query.text("fieldManager").is_empty() {
        errors.push(FieldError::required(
            "fieldManager",
            "is required for apply patch",
        ));
    }
    if !applies && query.flag("force").is_some() {
        errors.push(FieldError::forbidden(
            "force",
            "may not be specified for non-apply patch",
        ));
    }
    refuse("PatchOptions", errors)
}

/// Options of DELETE. A body hides the query.
///
/// # Errors
///
/// 400 for a body that holds no such options and numbers that are none, 422 for values that are not allowed.
pub(crate) fn delete(query: &Query, body: Option<Value>) -> Result<DeleteOptions, Failure> {
    let sent = match body {
        Some(body) => SentDeleteOptions::from_body(body)?,
        None => SentDeleteOptions::from_query(query)?,
    };
    sent.validate()
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
    fn from_body(body: Value) -> Result<Self, Failure> {
        let options: Self = serde_json::from_value(body).map_err(|error| {
            failure::bad_request(format!("the object provided is unrecognized: {error}"))
        })?;
        match options.kind.as_deref() {
            None | Some("" | "DeleteOptions") => Ok(options),
            Some(kind) => Err(failure::bad_request(format!(
                "decoded object cannot be converted to DeleteOptions: it is a {kind}"
            ))),
        }
    }

    fn from_query(query: &Query) -> Result<Self, Failure> {
        let text = |key| {
            query
                .get(key)
                .filter(|value| !value.is_empty())
                .map(str::to_owned)
        };
        Ok(Self {
            kind: None,
            dry_run: Some(query.all("dryRun").map(str::to_owned).collect()),
            grace_period_seconds: query
                .integer("gracePeriodSeconds")
                .map_err(failure::bad_request)?,
            orphan_dependents: query.flag("orphanDependents"),
            propagation_policy: text("propagationPolicy"),
            preconditions: Some(SentPreconditions {
                uid: text("uid"),
                resource_version: text("resourceVersion"),
            }),
        })
    }

    fn validate(self) -> Result<DeleteOptions, Failure> {
        let mut errors = FieldErrors::default();
        let dry_run = dry_run(
            self.dry_run.iter().flatten().map(String::as_str),
            &mut errors,
        );
        let named = propagation(self.propagation_policy.as_deref(), &mut errors);
        if let (Some(_), Some(policy)) = (self.orphan_dependents, &self.propagation_policy) {
            let detail = "orphanDependents and deletionPropagation cannot be both set";
            errors.push(FieldError::invalid(
                "propagationPolicy",
                policy.as_str(),
                detail,
            ));
        }
        refuse("DeleteOptions", errors)?;
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

fn dry_run<'a>(values: impl Iterator<Item = &'a str>, errors: &mut FieldErrors) -> bool {
    let mut dry_run = false;
    for value in values {
        match value {
            "All" => dry_run = true,
            "" => {}
            other => errors.push(FieldError::not_supported("dryRun", other, &["All"])),
        }
    }
    dry_run
}

fn propagation(value: Option<&str>, errors: &mut FieldErrors) -> Option<Propagation> {
    match value? {
        "Orphan" => Some(Propagation::Orphan),
        "Background" => Some(Propagation::Background),
        "Foreground" => Some(Propagation::Foreground),
        other => {
            let supported = ["Background", "Foreground", "Orphan"];
            errors.push(FieldError::not_supported(
                "propagationPolicy",
                other,
                &supported,
            ));
            None
        }
    }
}

/// The name of a program, as it is before the first slash of its user agent.
fn manager_of(user_agent: &str) -> String {
    let name = user_agent.split('/').next().unwrap_or_default();
    let printable = name.chars().filter(|character| !character.is_control());
    let mut manager = String::new();
    for character in printable {
        if manager.len() + character.len_utf8() > LONGEST_MANAGER {
            break;
        }
        manager.push(character);
    }
    manager
}

fn check_manager(name: &str, errors: &mut FieldErrors) {
    if name.chars().count() > LONGEST_MANAGER {
        let message = format!("Too long: may not be more than {LONGEST_MANAGER} bytes");
        errors.push(FieldError::new(
            CauseType::new("FieldValueTooLong"),
            "fieldManager",
            message,
        ));
    }
    if name.chars().any(char::is_control) {
        let detail = "should only contain printable characters";
        errors.push(FieldError::invalid("fieldManager", name, detail));
    }
}

fn refuse(kind: &str, errors: FieldErrors) -> Result<(), Failure> {
    match errors.is_empty() {
        true => Ok(()),
        false => Err(failure::invalid_kind("meta.k8s.io", kind, "", errors)),
    }
}
