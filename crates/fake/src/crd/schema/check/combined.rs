//! Schemas made of others: all of them, any, exactly one, or not this one.

use serde_json::Value;

use super::super::{Path, Structural};
use super::{Outcome, Ratchet, name, node};
use crate::failure::FieldError;

/// Checks a value against the schemas that a schema is made of.
pub(super) fn check(schema: &Structural, value: &Value, path: &Path<'_>, outcome: &mut Outcome) {
    let try_one = |schema: &Structural| node(schema, value, Ratchet::New, path);
    if !schema.any_of.is_empty() {
        any(schema.any_of.iter().map(try_one), path, outcome);
    }
    if !schema.one_of.is_empty() {
        one(schema.one_of.iter().map(try_one), path, outcome);
    }
    if !schema.all_of.is_empty() {
        all(schema.all_of.iter().map(try_one), path, outcome);
    }
    if let Some(not) = &schema.not
        && try_one(not).is_valid()
    {
        refuse(outcome, path, "must not validate the schema (not)");
    }
}

fn any(tries: impl Iterator<Item = Outcome>, path: &Path<'_>, outcome: &mut Outcome) {
    let mut best: Option<Outcome> = None;
    for attempt in tries {
        if attempt.is_valid() {
            outcome.merge(attempt);
            return;
        }
        keep_better(&mut best, attempt);
    }
    refuse(outcome, path, "must validate at least one schema (anyOf)");
    best.into_iter().for_each(|best| outcome.merge(best));
}

fn one(tries: impl Iterator<Item = Outcome>, path: &Path<'_>, outcome: &mut Outcome) {
    let mut best: Option<Outcome> = None;
    let mut valid = 0;
    for attempt in tries {
        if attempt.is_valid() {
            valid += 1;
            best = None;
        } else if valid == 0 {
            keep_better(&mut best, attempt);
        }
    }
    let found = match valid {
        1 => return,
        0 => "Found none valid".to_owned(),
        several => format!("Found {several} valid alternatives"),
    };
    let problem = format!("must validate one and only one schema (oneOf). {found}");
    refuse(outcome, path, &problem);
    best.into_iter().for_each(|best| outcome.merge(best));
}

fn all(tries: impl Iterator<Item = Outcome>, path: &Path<'_>, outcome: &mut Outcome) {
    let (mut valid, mut count) = (0, 0);
    for attempt in tries {
        count += 1;
        valid += usize::from(attempt.is_valid());
        outcome.merge(attempt);
    }
    if valid < count {
        let none = if valid == 0 { ". None validated" } else { "" };
        let problem = format!("must validate all the schemas (allOf){none}");
        refuse(outcome, path, &problem);
    }
}

/// Keeps the attempt that got further, the first of equals.
fn keep_better(best: &mut Option<Outcome>, attempt: Outcome) {
    let is_better = |best: &Outcome| attempt.looked_at > best.looked_at;
    if best.as_ref().is_none_or(is_better) {
        *best = Some(attempt);
    }
}

/// Such a problem has no path of its own, only a name in its message.
fn refuse(outcome: &mut Outcome, path: &Path<'_>, problem: &str) {
    let detail = format!("\"{}\" {problem}", name(path));
    let error = FieldError::invalid(Path::Root.to_string(), "", detail);
    outcome.errors.push(error);
}
