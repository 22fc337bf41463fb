//! The paths of resources, and what can be done there.

use serde_json::{Map, Value, json};

use super::dialect::{Dialect, group_version_kind};
use super::operations::{Operation, PATCHES, Scope};
use crate::registry::{Resource, Subresource};

/// Names the schema of a kind, given as group, version and kind.
pub(super) type Names<'a> = &'a dyn Fn(&str, &str, &str) -> Option<String>;

/// The verbs of a collection: as discovery names them, their methods and what OpenAPI calls them.
const OF_COLLECTIONS: [(&str, &str, &str); 3] = [
    ("list", "get", "list"),
    ("create", "post", "post"),
    ("deletecollection", "delete", "deletecollection"),
];

/// The verbs of one object.
const OF_OBJECTS: [(&str, &str, &str); 5] = [
    ("get", "get", "get"),
    ("create", "post", "post"),
    ("update", "put", "put"),
    ("patch", "patch", "patch"),
    ("delete", "delete", "delete"),
];

/// The paths of a resource below `root`, such as `/apis/apps/v1`.
pub(super) fn of(
    resource: &Resource,
    root: &str,
    dialect: Dialect,
    names: Names<'_>,
) -> Vec<(String, Value)> {
    let (group, version) = (&resource.group, &resource.version);
    let scope = match resource.is_namespaced() {
        true => Scope::Namespace,
        false => Scope::Cluster,
    };
    let schema = names(group, version, &resource.kind);
    let list_schema = names(group, version, &resource.list_kind);
    let operation = |action: &'static str, scope: Scope| Operation {
        action,
        scope,
        subresource: None,
        group,
        version,
        kind: &resource.kind,
        types: group_version_kind(group, version, &resource.kind),
        schema: schema.as_deref(),
        list_schema: list_schema.as_deref(),
        patches: patches(resource),
    };
    let item = |verbs: &[(&str, &str, &'static str)], has: &[String], scope: Scope| {
        let offered = verbs
            .iter()
            .filter(|(verb, _, _)| has.iter().any(|known| known == verb));
        let operations = offered.map(|(_, method, action)| {
            let operation = operation(action, scope).to_json(dialect);
            ((*method).to_owned(), operation)
        });
        operations.collect::<Map<_, _>>()
    };

    let plural = &resource.plural;
    let below = match scope {
        Scope::Namespace => format!("{root}/namespaces/{{namespace}}/{plural}"),
        _ => format!("{root}/{plural}"),
    };
    let is_named = |name: &str| resource.verbs.iter().any(|verb| verb == name);
    let mut paths = Vec::new();
    let mut add = |path: String, operations: Map<String, Value>, parameters: &[&str]| {
        if !operations.is_empty() {
            paths.push((path, path_item(operations, parameters, dialect)));
        }
    };
    let namespace: &[&str] = if scope == Scope::Namespace {
        &["namespace"]
    } else {
        &[]
    };
    let name_too = [&["name"], namespace].concat();
    add(
        below.clone(),
        item(&OF_COLLECTIONS, &resource.verbs, scope),
        namespace,
    );
    // What can only be created has no names.
    let of_one: Vec<_> = OF_OBJECTS
        .into_iter()
        .filter(|(verb, _, _)| *verb != "create")
        .collect();
    add(
        format!("{below}/{{name}}"),
        item(&of_one, &resource.verbs, scope),
        &name_too,
    );
    if scope == Scope::Namespace && is_named("list") {
        let everywhere = item(&OF_COLLECTIONS[..1], &resource.verbs, Scope::AllNamespaces);
        add(format!("{root}/{plural}"), everywhere, &[]);
    }
    for subresource in &resource.subresources {
        let operations = of_subresource(resource, subresource, scope, dialect, names);
        let path = format!("{below}/{{name}}/{}", subresource.name);
        add(path, operations, &name_too);
    }
    paths
}

fn of_subresource(
    resource: &Resource,
    subresource: &Subresource,
    scope: Scope,
    dialect: Dialect,
    names: Names<'_>,
) -> Map<String, Value> {
    let (group, version) = match subresource.version.as_str() {
        "" => (&resource.group, &resource.version),
        _ => (&subresource.group, &subresource.version),
    };
    let schema = names(group, version, &subresource.kind);
    let offered = OF_OBJECTS
        .iter()
        .filter(|(verb, _, _)| subresource.verbs.iter().any(|known| known == verb));
    let operations = offered.map(|(_, method, action)| {
        let operation = Operation {
            action,
            scope,
            subresource: Some(&subresource.name),
            group: &resource.group,
            version: &resource.version,
            kind: &resource.kind,
            types: group_version_kind(group, version, &subresource.kind),
            schema: schema.as_deref(),
            list_schema: None,
            patches: patches(resource),
        };
        ((*method).to_owned(), operation.to_json(dialect))
    });
    operations.collect()
}

fn patches(resource: &Resource) -> &'static [&'static str] {
    match resource.is_custom() {
        true => &PATCHES[..PATCHES.len() - 1],
        false => PATCHES,
    }
}

/// Operations with the parameters that all of them have.
fn path_item(mut operations: Map<String, Value>, in_path: &[&str], dialect: Dialect) -> Value {
    let mut parameters: Vec<Value> = in_path
        .iter()
        .map(|name| parameter(name, "path", "string", dialect))
        .collect();
    parameters.push(parameter("pretty", "query", "string", dialect));
    operations.insert("parameters".to_owned(), Value::Array(parameters));
    Value::Object(operations)
}

/// A parameter in the path or in the query.
pub(super) fn parameter(name: &str, place: &str, kind: &str, dialect: Dialect) -> Value {
    let mut parameter = match dialect {
        Dialect::V2 => json!({"name": name, "in": place, "type": kind, "uniqueItems": true}),
        Dialect::V3 => {
            json!({"name": name, "in": place, "schema": {"type": kind, "uniqueItems": true}})
        }
    };
    if place == "path" {
        parameter["required"] = true.into();
    }
    parameter
}
