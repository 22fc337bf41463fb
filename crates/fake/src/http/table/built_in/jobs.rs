//! Columns of jobs and cron jobs.

use jiff::Timestamp;
use serde_json::Value;

use super::super::age::age;
use super::super::cells::{date, elements, integer, joined, or_none, text};
use super::{AGE, CONTAINERS, Cell, Column, IMAGES, NAME, SELECTOR, column, made, wide};

/// Conditions that say how a job is, the most telling one first, and what is shown for them.
const CONDITIONS: [(&str, &str); 5] = [
    ("Complete", "Complete"),
    ("Failed", "Failed"),
    ("Suspended", "Suspended"),
    ("FailureTarget", "FailureTarget"),
    ("SuccessCriteriaMet", "SuccessCriteriaMet"),
];

pub(super) const COLUMNS: &[Column] = &[
    NAME,
    made("Status", |job| status(job).into()),
    made("Completions", |job| completions(job).into()),
    column(
        "Duration",
        Cell::Timed(|job, now| duration(job, now).into()),
    ),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];

pub(super) const CRON_COLUMNS: &[Column] = &[
    NAME,
    column("Schedule", Cell::Text("/spec/schedule")),
    made("Timezone", |job| or_none(text(job, "/spec/timeZone"))),
    made("Suspend", |job| {
        let is_suspended = job["spec"]["suspend"] == true;
        if is_suspended { "True" } else { "False" }.into()
    }),
    made("Active", |job| elements(job, "/status/active").len().into()),
    column(
        "Last Schedule",
        Cell::Timed(|job, now| match text(job, "/status/lastScheduleTime") {
            "" => "<none>".into(),
            time => date(time, now).into(),
        }),
    ),
    AGE,
    wide("Containers", Cell::Made(|job| containers(job, "/name"))),
    wide("Images", Cell::Made(|job| containers(job, "/image"))),
    wide("Selector", Cell::Made(|_| or_none(""))),
];

fn status(job: &Value) -> &'static str {
    let holds = |kind: &str| {
        let mut conditions = elements(job, "/status/conditions").iter();
        conditions.any(|condition| condition["type"] == kind && condition["status"] == "True")
    };
    let is_over = |kind: &str| matches!(kind, "Complete" | "Failed");
    let found = CONDITIONS.iter().find(|(kind, _)| holds(kind));
    let is_doomed = !text(job, "/metadata/deletionTimestamp").is_empty();
    match found {
        Some((kind, shown)) if is_over(kind) => shown,
        _ if is_doomed => "Terminating",
        Some((_, shown)) => shown,
        None => "Running",
    }
}

fn completions(job: &Value) -> String {
    let done = integer(job, "/status/succeeded");
    match (
        job["spec"]["completions"].as_i64(),
        integer(job, "/spec/parallelism"),
    ) {
        (Some(wanted), _) => format!("{done}/{wanted}"),
        (None, several) if several > 1 => format!("{done}/1 of {several}"),
        (None, _) => format!("{done}/1"),
    }
}

fn duration(job: &Value, now: Timestamp) -> String {
    let time = |pointer: &str| text(job, pointer).parse::<Timestamp>().ok();
    match time("/status/startTime") {
        None => String::new(),
        Some(start) => age(start, time("/status/completionTime").unwrap_or(now)),
    }
}

fn containers(job: &Value, pointer: &str) -> Value {
    let path = "/spec/jobTemplate/spec/template/spec/containers";
    joined(job, path, pointer).into()
}
