//! One replay of one scenario.

mod check;

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::{Instant, sleep, timeout};
use tower::ServiceExt;

use super::names::Names;
use super::path::{ABSENT, Path, text_of};
use super::report::Report;
use super::request::{Prepared, Transport};
use super::response::Answer;
use super::scenario::{Form, Operation, Scenario, Step, WaitFor};
use super::template::Variables;
use super::view::Tokens;
use super::watch::{Ended, Watch, is_bookmark};

/// How long an answer may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
/// How long events, and what a step waits for, may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same once something has been waited for in vain.
const IMPATIENCE: Duration = Duration::from_millis(500);
/// How long a watch that is closed is looked at for events too many.
const SURPLUS: Duration = Duration::from_millis(300);
/// How long to wait before asking again.
const PAUSE: Duration = Duration::from_millis(100);

/// Replays a scenario against a server in which nothing else happens.
pub(crate) async fn replay(scenario: &Scenario, transport: Transport) -> Report {
    let unique = "r0123abcd";
    let namespace = format!("conf-{unique}");
    let mut variables = Variables::default();
    variables.put("rand", unique.to_owned());
    variables.put("ns", namespace.clone());
    let mut run = Run {
        scenario,
        transport,
        variables,
        names: Names::new(&namespace, unique),
        watches: HashMap::new(),
        tokens: Tokens::new(),
        patience: PATIENCE,
        order_reported: false,
    };
    run.all(&namespace).await
}

struct Run<'a> {
    scenario: &'a Scenario,
    transport: Transport,
    variables: Variables,
    names: Names,
    watches: HashMap<String, Watch>,
    tokens: Tokens,
    patience: Duration,
    order_reported: bool,
}

/// What came of a step: the parts that an expectation has.
#[derive(Default)]
struct Outcome {
    answer: Option<Answer>,
    parts: Map<String, Value>,
    request: Option<Prepared>,
}

/// Why a step came to nothing.
enum Failure {
    /// The step cannot be carried out.
    Step(String),
    /// The server does not answer: what follows makes no sense.
    Unreachable(String),
}

impl From<String> for Failure {
    fn from(problem: String) -> Self {
        Failure::Step(problem)
    }
}

impl Run<'_> {
    async fn all(&mut self, namespace: &str) -> Report {
        let mut report = Report::default();
        if self.scenario.namespace {
            let step = Step {
                method: Some("POST".to_owned()),
                path: "/api/v1/namespaces".to_owned(),
                body: Some(json!({"metadata": {"name": namespace}})),
                ..Step::default()
            };
            if let Err(Failure::Step(problem) | Failure::Unreachable(problem)) =
                self.outcome(&step).await
            {
                report.step("set-up", vec![problem]);
                return report;
            }
        }
        for step in &self.scenario.steps {
            match self.step(step).await {
                Ok(differences) => report.step(&step.name, differences),
                Err(Failure::Step(problem)) => report.step(&step.name, vec![problem]),
                Err(Failure::Unreachable(problem)) => {
                    report.step(&step.name, vec![problem]);
                    break;
                }
            }
        }
        report
    }

    async fn step(&mut self, step: &Step) -> Result<Vec<String>, Failure> {
        let outcome = self.outcome(step).await?;
        let mut problems = self.check(step, &outcome)?;
        problems.extend(self.capture(step, &outcome)?);
        if let (Some(condition), Some(answer)) = (&step.wait_for, &outcome.answer)
            && !self.holds(condition, answer)?
        {
            problems.push(format!("waited in vain for {condition:?}"));
        }
        Ok(problems)
    }

    async fn outcome(&mut self, step: &Step) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::default();
        match step.op {
            Operation::Events | Operation::WatchClose => {
                let events = self.events(step).await?;
                outcome.parts.insert("events".to_owned(), events.into());
                return Ok(outcome);
            }
            Operation::Request | Operation::Watch => {}
        }
        let request = Prepared::of(step, &self.variables)?;
        let answer = match step.op {
            Operation::Watch => self.watch(step, &request).await?,
            _ => self.request(step, &request).await?,
        };
        let parts = &mut outcome.parts;
        parts.insert("status".to_owned(), answer.status.into());
        parts.insert("contentType".to_owned(), answer.content_type().into());
        if !step.assert_headers.is_empty() {
            let headers = step
                .assert_headers
                .iter()
                .map(|name| (name.clone(), answer.header(name)));
            parts.insert("headers".to_owned(), headers.collect());
        }
        let body = if step.form == Some(Form::Lines) {
            answer.lines()
        } else {
            answer.body()
        };
        if step.op == Operation::Request || body != "" {
            parts.insert("body".to_owned(), body);
        }
        outcome.answer = Some(answer);
        outcome.request = Some(request);
        Ok(outcome)
    }

    /// Sends a request until what the step waits for holds.
    async fn request(&mut self, step: &Step, request: &Prepared) -> Result<Answer, Failure> {
        let deadline = Instant::now() + self.patience;
        loop {
            let response = self.send(request).await?;
            let answer = timeout(REQUEST_TIMEOUT, Answer::read(response)).await;
            let answer = answer.unwrap_or_else(|_| Err("the answer does not end".to_owned()));
            let answer = answer.map_err(Failure::Unreachable)?;
            match &step.wait_for {
                Some(condition)
                    if !self.holds(condition, &answer)? && Instant::now() < deadline =>
                {
                    sleep(PAUSE).await
                }
                Some(condition) if !self.holds(condition, &answer)? => {
                    self.patience = IMPATIENCE;
                    return Ok(answer);
                }
                _ => return Ok(answer),
            }
        }
    }

    async fn watch(&mut self, step: &Step, request: &Prepared) -> Result<Answer, Failure> {
        let response = self.send(request).await?;
        if response.status() != 200 {
            return Answer::read(response).await.map_err(Failure::Unreachable);
        }
        let (head, body) = response.into_parts();
        self.watches.insert(step.id.clone(), Watch::start(body));
        Ok(Answer::new(200, head.headers, Vec::new()))
    }

    async fn send(
        &self,
        request: &Prepared,
    ) -> Result<http::Response<super::request::Body>, Failure> {
        let sent = self.transport.clone().oneshot(request.request()?);
        match timeout(REQUEST_TIMEOUT, sent).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(Failure::Unreachable(format!("no answer: {error}"))),
            Err(_) => Err(Failure::Unreachable("no answer in time".to_owned())),
        }
    }

    fn holds(&self, condition: &WaitFor, answer: &Answer) -> Result<bool, String> {
        if answer.status != condition.status {
            return Ok(false);
        }
        let body = answer.body();
        for (path, wanted) in &condition.values {
            if Path::parse(&self.variables.fill(path))?.get(&body)
                != self.variables.fill_value(wanted)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The events that a step collects. Bookmarks are among them only if it asks for one.
    async fn events(&mut self, step: &Step) -> Result<Vec<Value>, String> {
        let none = || format!("watch {:?} is not running", step.id);
        if step.op == Operation::WatchClose {
            let mut watch = self.watches.remove(&step.id).ok_or_else(none)?;
            let patience = if step.until_end {
                self.patience
            } else {
                SURPLUS
            };
            let count = watch.wait(|_| false, patience).await.len();
            if step.until_end && watch.ended != Some(Ended::Properly) {
                self.patience = IMPATIENCE;
                return Err(format!(
                    "the stream did not end properly in time: {:?}",
                    watch.ended
                ));
            }
            return Ok(changes(watch.take(count)));
        }
        let watch = self.watches.get_mut(&step.id).ok_or_else(none)?;
        let end = |events: &[Value]| match step.until_bookmark {
            true => events.iter().position(is_bookmark).map(|index| index + 1),
            false => nth_change(events, step.count),
        };
        let events = watch
            .wait(|events| end(events).is_some(), self.patience)
            .await;
        let found = end(events);
        let count = found.unwrap_or(events.len());
        if found.is_none() && watch.ended.is_none() {
            self.patience = IMPATIENCE;
        }
        let events = watch.take(count);
        Ok(if step.until_bookmark {
            events
        } else {
            changes(events)
        })
    }

    fn capture(&mut self, step: &Step, outcome: &Outcome) -> Result<Vec<String>, String> {
        let mut problems = Vec::new();
        for (variable, path) in &step.capture {
            let value = match (path.strip_prefix("header:"), &outcome.answer) {
                (Some(header), Some(answer)) => answer
                    .header(header)
                    .get(0)
                    .cloned()
                    .unwrap_or_else(|| ABSENT.into()),
                _ => {
                    let whole = Value::Object(outcome.parts.clone());
                    let body = whole.get("body").unwrap_or(&whole);
                    Path::parse(&self.variables.fill(path))?.get(body)
                }
            };
            if value == ABSENT {
                problems.push(format!(
                    "{path}: want a value for ${{{variable}}} got nothing"
                ));
            } else {
                self.variables.put(variable, text_of(&value));
            }
        }
        Ok(problems)
    }
}

/// Where the change with a number ends, counting from one and leaving out bookmarks.
fn nth_change(events: &[Value], number: usize) -> Option<usize> {
    let mut changes = events
        .iter()
        .enumerate()
        .filter(|(_, event)| !is_bookmark(event));
    match number {
        0 => Some(0),
        number => changes.nth(number - 1).map(|(index, _)| index + 1),
    }
}

fn changes(events: Vec<Value>) -> Vec<Value> {
    events
        .into_iter()
        .filter(|event| !is_bookmark(event))
        .collect()
}
