//! What came of a step against what is expected.

use serde_json::{Map, Value, json};

use super::{Outcome, Run};
use crate::replay::compare::{compare, show};
use crate::replay::path::{ABSENT, Path};
use crate::replay::scenario::Step;
use crate::replay::view;

impl Run<'_> {
    /// Compares what came with what is expected.
    pub(super) fn check(&mut self, step: &Step, outcome: &Outcome) -> Result<Vec<String>, String> {
        let (got, mut problems) = self.view(step, outcome)?;
        for (path, want) in step
            .expect
            .get("subset")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let label = if path.starts_with("events") {
                path.clone()
            } else {
                format!("body.{path}")
            };
            let absent = ABSENT.into();
            let got = got
                .get("subset")
                .and_then(|subset| subset.get(path))
                .unwrap_or(&absent);
            compare(want, got, &label, &mut self.names, &mut problems);
        }
        for (part, want) in step.expect.iter().filter(|(part, _)| *part != "subset") {
            compare(
                want,
                got.get(part).unwrap_or(&Value::Null),
                part,
                &mut self.names,
                &mut problems,
            );
        }
        for part in ["body", "events"] {
            if let (Some(got), None) = (got.get(part), step.expect.get(part)) {
                problems.push(format!("{part}: want nothing got {}", show(got)));
            }
        }
        problems.extend(self.check_order());
        Ok(problems)
    }

    /// The part of an outcome that is compared.
    fn view(
        &mut self,
        step: &Step,
        outcome: &Outcome,
    ) -> Result<(Map<String, Value>, Vec<String>), String> {
        let mut got = outcome.parts.clone();
        let mut problems = Vec::new();
        let mut whole = match got.remove("body") {
            Some(body) => body,
            None => got
                .remove("events")
                .map_or(Value::Null, |events| json!({ "events": events })),
        };
        view::put_in_order(&mut whole, self.scenario.managed_fields);
        match &outcome.request {
            Some(request) => problems.extend(view::name_list_version(
                &mut whole,
                request,
                &self.names,
                &mut self.tokens,
            )),
            None => problems.extend(view::name_bookmarks(
                whole["events"]
                    .as_array_mut()
                    .map_or(&mut [], Vec::as_mut_slice),
            )),
        }
        for path in &step.ignore {
            Path::parse(&self.variables.fill(path))?.delete(&mut whole);
        }
        if let Some(select) = &step.select {
            let mut subset = Map::new();
            for path in select {
                subset.insert(
                    path.clone(),
                    Path::parse(&self.variables.fill(path))?.get(&whole),
                );
            }
            got.insert("subset".to_owned(), subset.into());
        } else if outcome.parts.contains_key("body") {
            got.insert("body".to_owned(), whole);
        } else if let Some(events) = whole.get("events") {
            got.insert("events".to_owned(), events.clone());
        }
        Ok((got, problems))
    }

    /// Resource versions must be in the order in which they were when recorded. Says so once.
    fn check_order(&mut self) -> Option<String> {
        if self.order_reported {
            return None;
        }
        let numbers = self.scenario.rv_order.iter();
        let known: Vec<_> = numbers
            .filter_map(|number| Some((number, self.names.version(*number)?)))
            .collect();
        let (earlier, later) = known
            .windows(2)
            .find_map(|pair| (pair[0].1 >= pair[1].1).then_some((pair[0], pair[1])))?;
        self.order_reported = true;
        Some(format!(
            "resourceVersion order: want <rv:{}> ({}) before <rv:{}> ({})",
            earlier.0, earlier.1, later.0, later.1
        ))
    }
}
