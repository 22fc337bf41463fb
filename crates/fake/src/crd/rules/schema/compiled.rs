//! The expressions of rules must compile, and be about what they can know.

use super::{Below, below};
use crate::crd::schema::{Path, Structural};
use crate::failure::{FieldError, FieldErrors};

/// Compiles all rules of a schema, which must be sound otherwise.
pub(super) fn check(schema: &Structural, path: &Path<'_>, errors: &mut FieldErrors) {
    check_node(schema, true, None, path, errors);
}

/// `lost` is where old and new values can no longer be told to belong together, if that is so.
fn check_node(
    schema: &Structural,
    is_resource: bool,
    lost: Option<&str>,
    path: &Path<'_>,
    errors: &mut FieldErrors,
) {
    check_rules(schema, is_resource, lost, path, errors);
    let here = path.to_string();
    let is_atomic = schema.map_type.as_deref() == Some("atomic");
    below(schema, path, |below, path, what| {
        let loses = match what {
            Below::Item => !schema.list_is("map"),
            Below::Property(_) => is_atomic,
            Below::Value => false,
        };
        let lost = lost.or(loses.then_some(here.as_str()));
        check_node(below, below.embeds_resource, lost, path, errors);
    });
}

fn check_rules(
    schema: &Structural,
    is_resource: bool,
    lost: Option<&str>,
    path: &Path<'_>,
    errors: &mut FieldErrors,
) {
    let rules = path.field("x-kubernetes-validations");
    for (index, rule) in schema.rules.iter().enumerate() {
        let at = rules.index(index);
        let compiled = rule.compiled(schema, is_resource);
        let place = at.field("rule").to_string();
        if let Err(problem) = &compiled.rule {
            let detail = format!("compilation failed: {problem}");
            errors.push(FieldError::invalid(&place, rule.rule.as_str(), detail));
        }
        if let Some(Err(problem)) = &compiled.message {
            let detail = format!("messageExpression compilation failed: {problem}");
            let text = rule.message_expression.as_str();
            let place = at.field("messageExpression").to_string();
            errors.push(FieldError::invalid(place, text, detail));
        }
        match (compiled.is_transition, lost, rule.optional_old_self) {
            (true, Some(lost), _) => {
                let detail = format!(
                    "oldSelf cannot be used on the uncorrelatable portion of the schema within {lost}"
                );
                errors.push(FieldError::invalid(place, rule.rule.as_str(), detail));
            }
            (false, _, Some(optional)) if compiled.rule.is_ok() => {
                let detail = "may not be set if oldSelf is not used in rule";
                let place = at.field("optionalOldSelf").to_string();
                errors.push(FieldError::invalid(place, optional, detail));
            }
            _ => {}
        }
    }
}
