//! Nulls and defaults.

use serde_json::{Map, Value};

use super::Structural;

/// Takes out the nulls that may not be there, unless they stand for a default, and fills in the defaults.
pub(super) fn fill(schema: &Structural, document: &mut Map<String, Value>) {
    drop_nulls_of(document, schema);
    fill_object(document, schema);
}

/// Takes out the nulls that may not be there and stand for nothing.
fn drop_nulls(value: &mut Value, schema: Option<&Structural>) {
    let Some(schema) = schema else {
        return;
    };
    match value {
        Value::Object(object) => drop_nulls_of(object, schema),
        Value::Array(items) => {
            let schema = schema.item();
            items.iter_mut().for_each(|item| drop_nulls(item, schema));
        }
        _ => {}
    }
}

fn drop_nulls_of(object: &mut Map<String, Value>, schema: &Structural) {
    object.retain(|name, value| {
        let schema = schema.properties.get(name).or(schema.value());
        if is_stray_null(value, schema) {
            return schema.is_some_and(|schema| schema.default.is_some());
        }
        drop_nulls(value, schema);
        true
    });
}

fn is_stray_null(value: &Value, schema: Option<&Structural>) -> bool {
    value.is_null() && schema.is_some_and(|schema| !schema.nullable)
}

fn fill_value(value: &mut Value, schema: Option<&Structural>) {
    let Some(schema) = schema else {
        return;
    };
    match value {
        Value::Object(object) => fill_object(object, schema),
        Value::Array(items) => {
            let schema = schema.item();
            for item in items {
                replace_null(item, schema);
                fill_value(item, schema);
            }
        }
        _ => {}
    }
}

fn fill_object(object: &mut Map<String, Value>, schema: &Structural) {
    for (name, property) in &schema.properties {
        let Some(default) = &property.default else {
            continue;
        };
        match object.get(name) {
            Some(value) if !is_stray_null(value, Some(property)) => {}
            _ => {
                object.insert(name.clone(), default.clone());
            }
        }
    }
    for (name, value) in object.iter_mut() {
        if let Some(property) = schema.properties.get(name) {
            fill_value(value, Some(property));
        } else if let Some(values) = schema.value() {
            replace_null(value, Some(values));
            fill_value(value, Some(values));
        }
    }
}

fn replace_null(value: &mut Value, schema: Option<&Structural>) {
    if is_stray_null(value, schema)
        && let Some(default) = schema.and_then(|schema| schema.default.as_ref())
    {
        *value = default.clone();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn filled(schema: Value, value: Value) -> Value {
        let schema: Structural = serde_json::from_value(schema).expect("a schema");
        let Value::Object(mut object) = value else {
            return value;
        };
        fill(&schema, &mut object);
        Value::Object(object)
    }

    #[test]
    fn a_default_brings_the_defaults_below_it() {
        let schema = json!({"properties": {"a": {"type": "object", "default": {"b": {}}, "properties": {
            "b": {"type": "object", "properties": {"c": {"type": "integer", "default": 1}}},
        }}}});
        assert_eq!(
            filled(schema.clone(), json!({})),
            json!({"a": {"b": {"c": 1}}})
        );
        assert_eq!(filled(schema, json!({"a": {}})), json!({"a": {}}));
    }

    #[test]
    fn a_null_is_kept_where_it_may_be_replaced_where_there_is_a_default_and_else_dropped() {
        let schema = json!({"properties": {
            "may": {"type": "string", "nullable": true, "default": "d"},
            "default": {"type": "string", "default": "d"},
            "neither": {"type": "string"},
            "map": {"type": "object", "additionalProperties": {"type": "integer"}},
        }});
        let value = json!({"may": null, "default": null, "neither": null, "unknown": null, "map": {"x": null}});
        assert_eq!(
            filled(schema, value),
            json!({"may": null, "default": "d", "unknown": null, "map": {}})
        );
    }
}
