//! The rules that a schema has.

use super::{Below, below};
use crate::crd::schema::{Path, Structural};
use crate::failure::{FieldError, FieldErrors};

const REASONS: [&str; 4] = [
    "FieldValueDuplicate",
    "FieldValueForbidden",
    "FieldValueInvalid",
    "FieldValueRequired",
];

/// Checks the rules of a schema and of all below it.
pub(super) fn check(schema: &Structural, path: &Path<'_>, errors: &mut FieldErrors) {
    let rules = path.field("x-kubernetes-validations");
    for (index, rule) in schema.rules.iter().enumerate() {
        let at = rules.index(index);
        let mut refuse = |name: &str, value: &str, detail: &str| {
            let path = at.field(name).to_string();
            errors.push(match value {
                "" => FieldError::required(path, detail),
                value => FieldError::invalid(path, value, detail),
            });
        };
        let text = rule.rule.trim();
        let message = rule.message.trim();
        let breaks = |text: &str| text.contains(['\n', '\r']);
        if text.is_empty() {
            refuse("rule", "", "rule is not specified");
        } else if !rule.message.is_empty() && message.is_empty() {
            refuse("message", &rule.message, "must be non-empty if specified");
        } else if breaks(message) {
            refuse("message", &rule.message, "must not contain line breaks");
        } else if breaks(text) && message.is_empty() {
            let detail = "message must be specified if rule contains line breaks";
            refuse("message", "", detail);
        }
        if !rule.message_expression.is_empty() && rule.message_expression.trim().is_empty() {
            let detail = "messageExpression must be non-empty if specified";
            refuse("messageExpression", "", detail);
        }
        if !rule.field_path.is_empty() {
            if rule.field_path.trim().is_empty() {
                refuse(
                    "fieldPath",
                    &rule.field_path,
                    "must be non-empty if specified",
                );
            } else if breaks(&rule.field_path) {
                refuse(
                    "fieldPath",
                    &rule.field_path,
                    "must not contain line breaks",
                );
            } else if schema.at(&rule.field_path).is_none() {
                refuse("fieldPath", &rule.field_path, "must be a valid path");
            }
        }
        if let Some(reason) = rule
            .reason
            .as_deref()
            .filter(|reason| !REASONS.contains(reason))
        {
            let path = at.field("reason").to_string();
            errors.push(FieldError::not_supported(path, reason, &REASONS));
        }
    }
    below(schema, path, |schema, path, _: Below<'_>| {
        check(schema, path, errors)
    });
}
