//! The subset of JSONPath that definitions of custom resources may use: `.spec.replicas`, `.spec.tags[0]`,
//! `.status.conditions[?(@.type=="Ready")].status`, `.metadata.annotations.example\.com/owner`.

mod parse;

use serde_json::Value;

/// A parsed path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonPath(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    /// From the end if negative.
    Index(i64),
    /// Every element or value.
    All,
    /// The elements for which a path below them compares to a text.
    Filter {
        path: JsonPath,
        equal: bool,
        text: String,
    },
}

impl JsonPath {
    /// Parses a path that begins with a dot or a bracket. `None` if it is none, or uses more of JSONPath than this knows.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        parse::path(text).map(Self)
    }

    /// The first value that the path leads to.
    pub(crate) fn first<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.all(value).into_iter().next()
    }

    /// The names that the path consists of. `None` when there is something else in it.
    pub(crate) fn names(&self) -> Option<Vec<String>> {
        let names = self.0.iter().map(|step| match step {
            Step::Field(name) => Some(name.clone()),
            _ => None,
        });
        names.collect()
    }

    fn all<'a>(&self, value: &'a Value) -> Vec<&'a Value> {
        self.0.iter().fold(vec![value], |values, step| {
            values
                .into_iter()
                .flat_map(|value| step.follow(value))
                .collect()
        })
    }

    /// Puts a value where the path leads, making objects on the way. `false` when the path has more than names in it, or leads through
    /// something that is no object.
    pub(crate) fn set(&self, value: &mut Value, new: Value) -> bool {
        let mut at = value;
        for step in &self.0 {
            let Step::Field(name) = step else {
                return false;
            };
            if at.is_null() {
                *at = Value::Object(serde_json::Map::new());
            }
            let Value::Object(object) = at else {
                return false;
            };
            at = object.entry(name.as_str()).or_insert(Value::Null);
        }
        *at = new;
        true
    }
}

impl Step {
    fn follow<'a>(&self, value: &'a Value) -> Vec<&'a Value> {
        match (self, value) {
            (Self::Field(name), Value::Object(object)) => object.get(name).into_iter().collect(),
            (Self::Index(index), Value::Array(array)) => {
                element(array, *index).into_iter().collect()
            }
            (Self::All, Value::Array(array)) => array.iter().collect(),
            (Self::All, Value::Object(object)) => object.values().collect(),
            (Self::Filter { path, equal, text }, Value::Array(array)) => array
                .iter()
                .filter(|element| {
                    path.first(element)
                        .is_some_and(|found| (plain(found) == *text) == *equal)
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

fn element(array: &[Value], index: i64) -> Option<&Value> {
    let index = match usize::try_from(index) {
        Ok(index) => index,
        Err(_) => array
            .len()
            .checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?,
    };
    array.get(index)
}

/// A value as people read it: strings without quotes, everything else as JSON.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::JsonPath;

    fn first(path: &str) -> Value {
        let value = json!({
            "spec": {"size": 3, "tags": ["x", "y"], "a.b/c": "dotted"},
            "status": {"conditions": [
                {"type": "Other", "status": "No"},
                {"type": "Ready", "status": "Yes", "detail": {"code": 7}},
            ]},
        });
        let path = JsonPath::parse(path).expect("a path");
        path.first(&value).cloned().unwrap_or(Value::Null)
    }

    #[test]
    fn names_and_indexes_lead_to_values() {
        assert_eq!(first(".spec.size"), 3);
        assert_eq!(first(".spec.tags[0]"), "x");
        assert_eq!(first(".spec.tags[-1]"), "y");
        assert_eq!(first(".spec['tags'][1]"), "y");
        assert_eq!(first(".spec.tags[5]"), Value::Null);
        assert_eq!(first(".spec.size.more"), Value::Null);
    }

    #[test]
    fn names_may_have_escaped_dots() {
        assert_eq!(first(r".spec.a\.b/c"), "dotted");
    }

    #[test]
    fn filters_choose_elements_by_text() {
        assert_eq!(
            first(r#".status.conditions[?(@.type=="Ready")].status"#),
            "Yes"
        );
        assert_eq!(
            first(r#".status.conditions[?(@.type != 'Ready')].status"#),
            "No"
        );
        assert_eq!(
            first(r".status.conditions[?(@.detail.code==7)].type"),
            "Ready"
        );
    }

    #[test]
    fn stars_take_everything() {
        assert_eq!(first(".spec.tags[*]"), "x");
        assert_eq!(first(".status.conditions[*].type"), "Other");
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["", "spec", ".spec[", ".spec[x]", ".a..b", ".a[?(@.b)]"] {
            assert_eq!(JsonPath::parse(text), None, "{text}");
        }
    }

    #[test]
    fn setting_makes_the_objects_on_the_way() {
        let mut value = json!({"spec": {"a": 1}});
        let path = JsonPath::parse(".spec.scale.replicas").expect("a path");
        assert!(path.set(&mut value, 3.into()));
        assert_eq!(value, json!({"spec": {"a": 1, "scale": {"replicas": 3}}}));
        let through_number = JsonPath::parse(".spec.a.b").expect("a path");
        assert!(!through_number.set(&mut value, 1.into()));
    }
}
