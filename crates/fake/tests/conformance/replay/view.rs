//! What of an answer is compared: it is put in order, and what belongs to a list and not to an object is named.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::names::Names;
use super::path::{get_at, text_of};
use super::request::Prepared;

static COLLECTION: LazyLock<Regex> = LazyLock::new(|| {
    let path = r"^/(?:api/v1|apis/[^/]+/[^/]+)/(?:namespaces/[^/]+/)?[^/]+$";
    Regex::new(path).expect("it is a valid pattern")
});

/// Continue tokens and the resource versions of the lists that gave them.
pub(super) type Tokens = HashMap<String, String>;

/// Drops or sorts managed fields, and sorts the causes of a status, those without a field left out.
pub(super) fn put_in_order(value: &mut Value, keep_managed_fields: bool) {
    match value {
        Value::Array(items) => {
            for item in items {
                put_in_order(item, keep_managed_fields);
            }
        }
        Value::Object(members) => {
            match members.get_mut("managedFields") {
                Some(Value::Array(fields)) if keep_managed_fields => {
                    sort_by(
                        fields,
                        &["manager", "operation", "subresource", "apiVersion"],
                    );
                }
                Some(_) => drop(members.remove("managedFields")),
                None => {}
            }
            if members.get("kind").is_some_and(|kind| kind == "Status") {
                sort_causes(members.get_mut("details"));
            }
            for member in members.values_mut() {
                put_in_order(member, keep_managed_fields);
            }
        }
        _ => {}
    }
}

/// Puts a name in place of the resource version of a list, and says what is wrong with it.
pub(super) fn name_list_version(
    body: &mut Value,
    request: &Prepared,
    names: &Names,
    tokens: &mut Tokens,
) -> Option<String> {
    if !is_list(body, &request.path) {
        return None;
    }
    let version = body["metadata"]["resourceVersion"].as_str()?.to_owned();
    if version.is_empty() || version == "0" {
        return None;
    }
    let token = request.parameter("continue");
    let asked = request.parameter("resourceVersion");
    let mut problem = None;
    let name = if !token.is_empty() {
        if tokens.get(token) == Some(&version) {
            "<rv of the first page>"
        } else {
            "<rv>"
        }
    } else if request.parameter("resourceVersionMatch") == "Exact" {
        if asked == version {
            "<rv as requested>"
        } else {
            "<rv>"
        }
    } else {
        let newest = names.newest_version();
        if asked.is_empty()
            && version
                .parse::<u64>()
                .map_or(true, |version| version < newest)
        {
            problem = Some(format!(
                "body.metadata.resourceVersion: {version} is older than the known {newest}"
            ));
        }
        "<rv>"
    };
    if let Some(next) = body["metadata"]["continue"]
        .as_str()
        .filter(|next| !next.is_empty())
    {
        tokens.insert(next.to_owned(), version);
    }
    body["metadata"]["resourceVersion"] = name.into();
    problem
}

/// Puts a name in place of the resource versions of bookmarks, and says which of them are older than an event before.
pub(super) fn name_bookmarks(events: &mut [Value]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut last = 0;
    for event in events {
        let version = event["object"]["metadata"]["resourceVersion"].as_str();
        let Some(version) = version.and_then(|version| version.parse::<u64>().ok()) else {
            continue;
        };
        if event["type"] == "BOOKMARK" {
            if version < last {
                problems.push(format!(
                    "events: bookmark at resourceVersion {version} after {last}"
                ));
            }
            event["object"]["metadata"]["resourceVersion"] = "<rv>".into();
        }
        last = last.max(version);
    }
    problems
}

fn is_list(body: &Value, path: &str) -> bool {
    let table = body["kind"] == "Table" && COLLECTION.is_match(path);
    table || body.get("items").is_some()
}

fn sort_causes(details: Option<&mut Value>) {
    if let Some(Value::Array(causes)) = details.and_then(|details| details.get_mut("causes")) {
        causes.retain(|cause| cause["field"] != "<nil>");
        sort_by(causes, &["field", "reason", "message"]);
    }
}

fn sort_by(items: &mut [Value], fields: &[&str]) {
    let key = |item: &Value| -> Vec<String> {
        fields
            .iter()
            .map(|field| text_of(&get_at(item, field)))
            .collect()
    };
    items.sort_by_cached_key(key);
}
