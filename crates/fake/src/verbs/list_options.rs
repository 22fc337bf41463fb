//! Which combinations of list options make sense.

use crate::failure::{self, Failure, FieldError, FieldErrors};
use crate::request::ListOptions;

const EXACT: &str = "Exact";
const NOT_OLDER_THAN: &str = "NotOlderThan";

/// Which verb the options are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    List,
    Watch,
}

/// Refuses options that contradict each other.
pub(super) fn check(options: &ListOptions, purpose: Purpose) -> Result<(), Failure> {
    let mut errors = FieldErrors::default();
    match purpose {
        Purpose::List => check_list(options, &mut errors),
        Purpose::Watch => check_watch(options, &mut errors),
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(failure::invalid_kind(
            "meta.k8s.io",
            "ListOptions",
            "",
            errors,
        ))
    }
}

/// Whether the list is to be of just the revision asked for.
pub(super) fn is_exact(options: &ListOptions) -> bool {
    options.resource_version_match == EXACT
}

fn check_list(options: &ListOptions, errors: &mut FieldErrors) {
    let matching = options.resource_version_match.as_str();
    if !matching.is_empty() {
        let path = "resourceVersionMatch";
        if options.resource_version.is_empty() {
            let why = "resourceVersionMatch is forbidden unless resourceVersion is provided";
            errors.push(FieldError::forbidden(path, why));
        }
        if !options.continue_token.is_empty() {
            let why = "resourceVersionMatch is forbidden when continue is provided";
            errors.push(FieldError::forbidden(path, why));
        }
        if !matches!(matching, EXACT | NOT_OLDER_THAN) {
            let supported = [EXACT, NOT_OLDER_THAN];
            errors.push(FieldError::not_supported(path, matching, &supported));
        }
        if matching == EXACT && options.resource_version == "0" {
            let why = "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"";
            errors.push(FieldError::forbidden(path, why));
        }
    }
    if options.send_initial_events.is_some() {
        let why = "sendInitialEvents is forbidden for list";
        errors.push(FieldError::forbidden("sendInitialEvents", why));
    }
}

fn check_watch(options: &ListOptions, errors: &mut FieldErrors) {
    let path = "resourceVersionMatch";
    let matching = options.resource_version_match.as_str();
    if options.send_initial_events.is_some() {
        if matching != NOT_OLDER_THAN {
            let why = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
            errors.push(FieldError::forbidden(path, why));
        }
        if !matches!(matching, "" | NOT_OLDER_THAN) {
            errors.push(FieldError::not_supported(path, matching, &[NOT_OLDER_THAN]));
        }
    } else if !matching.is_empty() {
        let why =
            "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
        errors.push(FieldError::forbidden(path, why));
    }
    if !options.continue_token.is_empty() {
        let why = "continue is forbidden for watch";
        errors.push(FieldError::forbidden("continue", why));
    }
}
