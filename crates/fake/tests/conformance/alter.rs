//! Expectations made wrong on purpose, to see that the replayer notices.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::replay::Scenario;

/// One way to make an expectation wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Alteration {
    /// Another value.
    Changed,
    /// A field that no answer has.
    Added,
    /// A field less than the answer has.
    Removed,
    /// Another status code.
    Status,
}

impl Alteration {
    pub(crate) const ALL: [Alteration; 4] = [
        Alteration::Changed,
        Alteration::Added,
        Alteration::Removed,
        Alteration::Status,
    ];

    /// Alters one place in each step that has a place for it; says which steps those are.
    pub(crate) fn apply(self, scenario: &Scenario) -> (Scenario, BTreeSet<usize>) {
        let mut altered = scenario.clone();
        let mut steps = BTreeSet::new();
        for (index, step) in altered.steps.iter_mut().enumerate() {
            let places = self.places(&step.expect);
            if places.is_empty() {
                continue;
            }
            // Another kind of place in every step.
            let place = &places[index * 7 % places.len()];
            self.alter(find(&mut step.expect, place));
            steps.insert(index);
        }
        (altered, steps)
    }

    fn places(self, expect: &Map<String, Value>) -> Vec<Vec<Step>> {
        if let Alteration::Status = self {
            let status = vec![Step::Member("status".to_owned())];
            return expect
                .contains_key("status")
                .then_some(status)
                .into_iter()
                .collect();
        }
        let mut places = Vec::new();
        for part in ["contentType", "headers", "body", "events", "subset"] {
            let Some(value) = expect.get(part) else {
                continue;
            };
            let path = vec![Step::Member(part.to_owned())];
            match (part, value) {
                // What is left out of a subset is not compared, and nothing of a subset can be added.
                ("subset", Value::Object(selected)) => {
                    for (key, value) in selected {
                        let below = [&path[..], &[Step::Member(key.clone())]].concat();
                        self.collect(value, below, &mut places);
                    }
                }
                _ => self.collect(value, path, &mut places),
            }
        }
        places
    }

    fn collect(self, value: &Value, path: Vec<Step>, places: &mut Vec<Vec<Step>>) {
        if self.is_place(value) {
            places.push(path.clone());
        }
        let below = |step| [&path[..], &[step]].concat();
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    self.collect(value, below(Step::Member(key.clone())), places);
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    self.collect(value, below(Step::Item(index)), places);
                }
            }
            _ => {}
        }
    }

    fn is_place(self, value: &Value) -> bool {
        match (self, value) {
            (Alteration::Added, Value::Object(_)) => true,
            (Alteration::Removed, Value::Object(members)) => !members.is_empty(),
            (Alteration::Changed, Value::Object(_) | Value::Array(_)) => false,
            (Alteration::Changed, _) => true,
            _ => false,
        }
    }

    fn alter(self, value: &mut Value) {
        match (self, value) {
            (Alteration::Added, Value::Object(members)) => {
                members.insert("surplus".to_owned(), json!({"x": 1}));
            }
            (Alteration::Removed, Value::Object(members)) => {
                let first = members.keys().next().cloned();
                first.and_then(|first| members.remove(&first));
            }
            (_, Value::String(text)) => text.push_str("~altered"),
            // One that no server makes, but of the same type.
            (_, Value::Number(number)) => *number = (-987_654).into(),
            (_, Value::Bool(truth)) => *truth = !*truth,
            (_, other) => *other = json!("~altered"),
        }
    }
}

/// One step of a way into an expectation.
#[derive(Clone, Debug)]
enum Step {
    Member(String),
    Item(usize),
}

fn find<'a>(expect: &'a mut Map<String, Value>, place: &[Step]) -> &'a mut Value {
    let Some((Step::Member(part), below)) = place.split_first() else {
        panic!("every place is in a part of the expectation");
    };
    below
        .iter()
        .fold(&mut expect[part.as_str()], |value, step| match step {
            Step::Member(key) => &mut value[key.as_str()],
            Step::Item(index) => &mut value[*index],
        })
}
