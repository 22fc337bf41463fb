//! Label selectors.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector as Selector;
use kubekit_core::LabelSelector;
use serde_json::Value;

use super::{Object, rule, text};
use crate::failure::{FieldError, FieldErrors};
use crate::meta::names;
use crate::schema::Typed;

const OPERATORS: [&str; 4] = ["DoesNotExist", "Exists", "In", "NotIn"];

pub(super) fn selector(typed: Typed<'_>, errors: &mut FieldErrors) {
    if let Some(labels) = typed.object.get("matchLabels") {
        rule::check_labels(&typed.at("matchLabels"), labels, errors);
    }
}

pub(super) fn requirement(typed: Typed<'_>, errors: &mut FieldErrors) {
    let operator = text(typed.object, "operator");
    let values = typed.object.get("values").and_then(Value::as_array);
    let has_values = values.is_some_and(|values| !values.is_empty());
    match operator {
        "In" | "NotIn" if !has_values => errors.push(FieldError::required(
            typed.at("values"),
            "must be specified when `operator` is 'In' or 'NotIn'",
        )),
        "Exists" | "DoesNotExist" if has_values => errors.push(FieldError::forbidden(
            typed.at("values"),
            "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        )),
        operator if OPERATORS.contains(&operator) => {}
        operator => errors.push(FieldError::invalid(
            typed.at("operator"),
            operator,
            "not a valid selector operator",
        )),
    }
    for (index, value) in values.into_iter().flatten().enumerate() {
        let path = typed.at(&format!("values[{index}]"));
        let problems = names::label_value(value.as_str().unwrap_or("")).into_iter();
        errors.extend(problems.map(|problem| FieldError::invalid(&*path, value.clone(), problem)));
    }
}

/// Whether a selector of labels says nothing at all.
pub(super) fn is_empty(selector: &Object) -> bool {
    selector.values().all(|part| match part {
        Value::Object(labels) => labels.is_empty(),
        Value::Array(requirements) => requirements.is_empty(),
        _ => true,
    })
}

/// Whether a selector of labels, which may be invalid, selects something with these labels.
pub(crate) fn matches(selector: &Object, labels: Option<&Object>) -> bool {
    let parsed: Result<Selector, _> = serde_json::from_value(Value::Object(selector.clone()));
    let Some(selector) = parsed
        .ok()
        .and_then(|selector| LabelSelector::try_from(&selector).ok())
    else {
        return true;
    };
    let labels = labels.into_iter().flatten();
    let labels: BTreeMap<String, String> = labels
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect();
    selector.matches(&labels)
}
