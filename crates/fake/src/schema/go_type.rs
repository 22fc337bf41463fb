//! What the API server calls the types of fields when it cannot decode them.

use super::built_in::Property;

/// The name of a type, such as `int32`, `[]v1.Container` or `map[string]string`.
pub(super) fn name(property: &Property) -> String {
    if let Some(definition) = &property.reference {
        return qualified(definition);
    }
    match (property.kind.as_str(), property.format.as_str()) {
        ("integer", "") => "int64".to_owned(),
        ("integer" | "number", format) if !format.is_empty() => format.to_owned(),
        ("number", _) => "float64".to_owned(),
        ("boolean", _) => "bool".to_owned(),
        ("string", "byte") => "[]uint8".to_owned(),
        ("array", _) => match property.items() {
            Some(items) => format!("[]{}", name(items)),
            None => "[]interface {}".to_owned(),
        },
        ("object", _) => match property.values() {
            Some(values) => format!("map[string]{}", name(values)),
            None => "map[string]interface {}".to_owned(),
        },
        (kind, _) => kind.to_owned(),
    }
}

/// The last part of the name of a definition.
pub(super) fn short(definition: &str) -> &str {
    definition
        .rsplit_once('.')
        .map_or(definition, |(_, last)| last)
}

/// The last two parts of the name of a definition.
fn qualified(definition: &str) -> String {
    let mut parts = definition.rsplit('.');
    match (parts.next(), parts.next()) {
        (Some(kind), Some(package)) => format!("{package}.{kind}"),
        _ => definition.to_owned(),
    }
}
