//! Holding an object against the rules of its schema.

use kubekit_core::CauseType;
use serde_json::Value as Json;

use super::{OLD_SELF, Rule, SELF, values};
use crate::cel::{Budget, Problem, Program, Value};
use crate::crd::schema::{Path, Ratchet, Structural};
use crate::failure::{FieldError, FieldErrors};

/// How many expressions may be evaluated for one object.
const MOST_EXPRESSIONS: usize = 10_000;
/// The longest message that an expression may make, in bytes.
const LONGEST_MESSAGE: usize = 5 * 1024;

/// Holds a whole object against all rules. What an update has not changed is only held against rules about changes.
pub(crate) fn check(schema: &Structural, value: &Json, was: Ratchet<'_>, errors: &mut FieldErrors) {
    let mut run = Run {
        left: MOST_EXPRESSIONS,
        errors,
    };
    run.node(schema, Is::Resource, value, was, &Path::Root);
}

struct Run<'e> {
    /// How many expressions may still be evaluated.
    left: usize,
    errors: &'e mut FieldErrors,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    Resource,
    Part,
}

impl Is {
    fn of(schema: &Structural) -> Is {
        match schema.embeds_resource {
            true => Is::Resource,
            false => Is::Part,
        }
    }
}

impl Run<'_> {
    fn node(
        &mut self,
        schema: &Structural,
        is: Is,
        value: &Json,
        was: Ratchet<'_>,
        path: &Path<'_>,
    ) {
        if value.is_null() {
            return;
        }
        self.rules(schema, is, value, was, path);
        match value {
            Json::Array(items) => {
                let Some(item_schema) = schema.item() else {
                    return;
                };
                for (index, item) in items.iter().enumerate() {
                    let was = was.item(schema, item);
                    self.node(
                        item_schema,
                        Is::of(item_schema),
                        item,
                        was,
                        &path.index(index),
                    );
                }
            }
            Json::Object(members) => {
                for (name, member) in members {
                    let was = was.member(schema, name);
                    if let Some(property) = schema.properties.get(name) {
                        self.node(property, Is::of(property), member, was, &path.field(name));
                    } else if let Some(values) = schema.value() {
                        self.node(values, Is::of(values), member, was, &path.key(name));
                    }
                }
            }
            _ => {}
        }
    }

    fn rules(
        &mut self,
        schema: &Structural,
        is: Is,
        value: &Json,
        was: Ratchet<'_>,
        path: &Path<'_>,
    ) {
        if schema.rules.is_empty() {
            return;
        }
        let is_resource = is == Is::Resource;
        let old = match was {
            Ratchet::Was(old) if !old.is_null() => Some(old),
            _ => None,
        };
        let new_value = values::of(schema, is_resource, value);
        let old_value = old.map(|old| values::of(schema, is_resource, old));
        for rule in &schema.rules {
            let compiled = rule.compiled(schema, is_resource);
            let is_optional = rule.optional_old_self == Some(true);
            if compiled.is_transition && old.is_none() && !is_optional {
                continue;
            }
            if !compiled.is_transition && old == Some(value) {
                continue;
            }
            let old_self = match (is_optional, &old_value) {
                (true, old) => Value::Optional(old.clone().map(Into::into)),
                (false, Some(old)) => old.clone(),
                (false, None) => Value::Null,
            };
            let variables = [(SELF, new_value.clone()), (OLD_SELF, old_self)];
            let outcome = match &compiled.rule {
                Ok(program) => self.run(program, &variables),
                Err(problem) => Err(Problem::Failed(format!("rule compile error: {problem}"))),
            };
            match outcome {
                Ok(Value::Bool(true)) => {}
                Ok(_) => {
                    let message = compiled
                        .message
                        .as_ref()
                        .and_then(|message| message.as_ref().ok());
                    let message = message.and_then(|program| self.message(program, &variables));
                    let error = broken(rule, schema, value, message, path);
                    self.errors.push(error);
                }
                Err(problem) => {
                    let text = rule.rule.trim();
                    let detail = match problem {
                        Problem::TooCostly => format!(
                            "'{problem}': no further validation rules will be run due to call cost exceeds limit for rule: {text}"
                        ),
                        Problem::Failed(problem) => format!("{problem} evaluating rule: {text}"),
                    };
                    let kind = schema.kind.as_str();
                    self.errors
                        .push(FieldError::invalid(path.to_string(), kind, detail));
                }
            }
        }
    }

    fn run(&mut self, program: &Program, variables: &[(&str, Value)]) -> Result<Value, Problem> {
        self.left = self.left.checked_sub(1).ok_or(Problem::TooCostly)?;
        program.run(variables, &mut Budget::default())
    }

    /// The message that an expression makes, if it makes a fit one.
    fn message(&mut self, program: &Program, variables: &[(&str, Value)]) -> Option<String> {
        let Ok(Value::Text(text)) = self.run(program, variables) else {
            return None;
        };
        let text = text.trim();
        let is_fit = !text.is_empty() && text.len() <= LONGEST_MESSAGE && !text.contains('\n');
        is_fit.then(|| text.to_owned())
    }
}

fn broken(
    rule: &Rule,
    schema: &Structural,
    value: &Json,
    message: Option<String>,
    path: &Path<'_>,
) -> FieldError {
    let written = || match rule.message.trim() {
        "" => format!("failed rule: {}", rule.rule.trim()),
        message => message.to_owned(),
    };
    let detail = message.unwrap_or_else(written);
    let inner = Structural::normal_path(&rule.field_path);
    let place = match inner.as_str() {
        "" => path.to_string(),
        inner => path.field(inner).to_string(),
    };
    let is_whole = matches!(schema.kind.as_str(), "object" | "array");
    match rule.reason.as_deref() {
        Some("FieldValueForbidden") => FieldError::forbidden(place, detail),
        Some("FieldValueRequired") => FieldError::required(place, &detail),
        Some("FieldValueDuplicate") if is_whole => {
            let message = "Duplicate value".to_owned();
            FieldError::new(CauseType::FIELD_VALUE_DUPLICATE, place, message)
        }
        Some("FieldValueDuplicate") => FieldError::duplicate(place, value.clone()),
        // Objects and lists are not repeated.
        _ if is_whole => {
            let message = format!("Invalid value: {detail}");
            FieldError::new(CauseType::FIELD_VALUE_INVALID, place, message)
        }
        _ => FieldError::invalid(place, value.clone(), detail),
    }
}
