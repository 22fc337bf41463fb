//! Jobs and cron jobs.

mod schedule;

use super::{member, text};
use crate::failure::{FieldError, FieldErrors};
use crate::meta;
use crate::schema::Typed;

use schedule::is_schedule;

/// The jobs of a cron job get eleven more characters.
const LONGEST_CRON_JOB: usize = 52;

pub(super) fn cron_job(typed: Typed<'_>, errors: &mut FieldErrors) {
    let name = meta::text(meta::of(typed.object), "name");
    if name.len() > LONGEST_CRON_JOB {
        let problem = format!("must be no more than {LONGEST_CRON_JOB} characters");
        errors.push(FieldError::invalid("metadata.name", name, problem));
    }
    let schedule = member(typed.object, "spec").map_or("", |spec| text(spec, "schedule"));
    if !schedule.is_empty() && !is_schedule(schedule) {
        let problem = "expected exactly 5 fields or a descriptor such as @hourly";
        errors.push(FieldError::invalid("spec.schedule", schedule, problem));
    }
}

pub(super) fn job_spec(typed: Typed<'_>, errors: &mut FieldErrors) {
    let pod = member(typed.object, "template").and_then(|template| member(template, "spec"));
    if let Some(pod) = pod
        && !matches!(text(pod, "restartPolicy"), "Never" | "OnFailure")
    {
        errors.push(FieldError::required(
            typed.at("template.spec.restartPolicy"),
            "valid values: \"OnFailure\", \"Never\"",
        ));
    }
    let is_indexed = text(typed.object, "completionMode") == "Indexed";
    if is_indexed && !typed.object.contains_key("completions") {
        let why = "when completion mode is Indexed";
        errors.push(FieldError::required(typed.at("completions"), why));
    }
}
