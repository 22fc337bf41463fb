//! What is known by name while a scenario is replayed: the values of variables and of numbered placeholders.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::placeholder::{Part, Pattern};

static VARIABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\$\{(ns|rand)\}").expect("it is a valid pattern"));
static NUMBERED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("<(rv|uid|gen):([0-9]+)>").expect("it is a valid pattern"));

/// A kind of placeholder and its number.
type Name = (String, u64);

/// Values by name. Two names of a kind never share a value.
#[derive(Debug)]
pub(crate) struct Names {
    namespace: String,
    unique: String,
    values: HashMap<Name, String>,
    numbers: HashMap<(String, String), u64>,
}

impl Names {
    pub(crate) fn new(namespace: &str, unique: &str) -> Names {
        Names {
            namespace: namespace.to_owned(),
            unique: unique.to_owned(),
            values: HashMap::new(),
            numbers: HashMap::new(),
        }
    }

    /// Says what was wanted instead of `got`, or nothing if it fits.
    pub(super) fn mismatch(&mut self, want: &str, got: &str) -> Option<String> {
        let want = self.with_variables(want);
        if want == got {
            return None;
        }
        let shown = || serde_json::Value::from(want.as_str()).to_string();
        if got == super::path::ABSENT || !want.contains('<') {
            return Some(shown());
        }
        let pattern = Pattern::of(&want);
        let Some(parts) = pattern.matches(got) else {
            return Some(shown());
        };
        parts.into_iter().find_map(|(part, value)| match part {
            Part::Numbered(kind, number) => self.bind(kind, *number, value),
            _ => None,
        })
    }

    /// Fills in variables and the values that numbered placeholders have by now.
    pub(super) fn expand(&self, text: &str) -> String {
        let text = self.with_variables(text);
        let value = |found: &Captures<'_>| {
            let name = (found[1].to_owned(), found[2].parse().unwrap_or(u64::MAX));
            self.values
                .get(&name)
                .cloned()
                .unwrap_or_else(|| found[0].to_owned())
        };
        NUMBERED.replace_all(&text, value).into_owned()
    }

    /// The resource version with a number, once it is known.
    pub(super) fn version(&self, number: u64) -> Option<u64> {
        self.values.get(&("rv".to_owned(), number))?.parse().ok()
    }

    /// The newest resource version that has been seen on an object.
    pub(super) fn newest_version(&self) -> u64 {
        let versions = self.values.iter().filter(|((kind, _), _)| kind == "rv");
        versions
            .filter_map(|(_, value)| value.parse().ok())
            .max()
            .unwrap_or(0)
    }

    fn bind(&mut self, kind: &str, number: u64, value: &str) -> Option<String> {
        let name = (kind.to_owned(), number);
        let owner = (kind.to_owned(), value.to_owned());
        match (self.values.get(&name), self.numbers.get(&owner)) {
            (None, None) => {
                self.values.insert(name, value.to_owned());
                self.numbers.insert(owner, number);
                None
            }
            (Some(bound), _) if bound == value => None,
            (Some(bound), _) => Some(format!("<{kind}:{number}> which is {bound}")),
            (None, Some(other)) => Some(format!(
                "a new <{kind}:{number}>, not the known <{kind}:{other}>"
            )),
        }
    }

    fn with_variables(&self, text: &str) -> String {
        let value = |found: &Captures<'_>| match &found[1] {
            "ns" => self.namespace.clone(),
            _ => self.unique.clone(),
        };
        VARIABLE.replace_all(text, value).into_owned()
    }
}
