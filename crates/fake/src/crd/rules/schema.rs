//! What the schemas of a definition must look like: structural, which means that every node has a type, with defaults of that type.

use kubekit_core::CauseType;
use serde_json::Value;

use crate::failure::{FieldError, FieldErrors};

/// Checks the schemas of all versions.
pub(super) fn check(versions: &[Value], errors: &mut FieldErrors) {
    let schemas: Vec<&Value> = versions
        .iter()
        .map(|version| {
            version
                .pointer("/schema/openAPIV3Schema")
                .unwrap_or(&Value::Null)
        })
        .collect();
    // The API server keeps a schema that all versions share outside of them, and says so.
    let shared = schemas.windows(2).all(|pair| pair[0] == pair[1]);
    for (index, schema) in schemas.iter().enumerate() {
        let own = format!("spec.versions[{index}].schema.openAPIV3Schema");
        if schema.is_null() {
            errors.push(FieldError::required(own, "schemas are required"));
        } else if !shared {
            check_root(schema, &own, errors);
        } else if index == 0 {
            check_root(schema, "spec.validation.openAPIV3Schema", errors);
        }
    }
}

fn check_root(schema: &Value, path: &str, errors: &mut FieldErrors) {
    match schema["type"].as_str() {
        Some("object") => {}
        None | Some("") => {
            errors.push(FieldError::required(
                format!("{path}.type"),
                "must not be empty at the root",
            ));
        }
        Some(other) => {
            let detail = "must be object at the root";
            errors.push(FieldError::invalid(format!("{path}.type"), other, detail));
        }
    }
    check_below(schema, path, errors);
}

fn check_below(schema: &Value, path: &str, errors: &mut FieldErrors) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        check_node(
            property,
            &format!("{path}.properties[{name}]"),
            "object fields",
            errors,
        );
    }
    if schema["items"].is_object() {
        check_node(
            &schema["items"],
            &format!("{path}.items"),
            "array items",
            errors,
        );
    }
    if schema["additionalProperties"].is_object() {
        let path = format!("{path}.additionalProperties");
        check_node(&schema["additionalProperties"], &path, "map values", errors);
    }
}

fn check_node(schema: &Value, path: &str, what: &str, errors: &mut FieldErrors) {
    let typed = schema["type"].as_str().is_some_and(|kind| !kind.is_empty());
    let free = [
        "x-kubernetes-int-or-string",
        "x-kubernetes-preserve-unknown-fields",
    ]
    .iter()
    .any(|extension| schema[*extension] == true);
    if !typed && !free {
        let detail = format!("must not be empty for specified {what}");
        errors.push(FieldError::required(format!("{path}.type"), &detail));
    }
    check_default(schema, path, errors);
    check_below(schema, path, errors);
}

fn check_default(schema: &Value, path: &str, errors: &mut FieldErrors) {
    let (Some(default), Some(kind)) = (schema.get("default"), schema["type"].as_str()) else {
        return;
    };
    let fits = match kind {
        "string" => default.is_string(),
        "boolean" => default.is_boolean(),
        "integer" => default.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => default.is_number(),
        "array" => default.is_array(),
        "object" => default.is_object(),
        _ => true,
    };
    let is_nullable = schema["nullable"] == true;
    if !(fits || default.is_null() && is_nullable) {
        let message = format!("Invalid value: {default}: default in body must be of type {kind}");
        let path = format!("{path}.default");
        errors.push(FieldError::new(
            CauseType::FIELD_VALUE_TYPE_INVALID,
            path,
            message,
        ));
    }
}
