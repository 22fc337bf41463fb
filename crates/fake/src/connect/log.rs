//! The logs of containers.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use jiff::Timestamp;

use super::{Passage, container, node};
use crate::failure::{self, Failure, FieldError, FieldErrors};
use crate::http::{Body, Query};

/// A question for the log of a container, as in `PodLogOptions`.
///
/// What it asks for is up to who answers: the API server passes it on to the kubelet as it is.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PodLog {
    /// The namespace of the pod.
    pub namespace: String,
    /// The name of the pod, which exists.
    pub pod: String,
    /// The name of the container, which the pod has.
    pub container: String,
    /// Whether the answer goes on for as long as the container runs.
    pub follow: bool,
    /// Whether it is the log of the container before it was restarted.
    pub previous: bool,
    /// Whether each line begins with its time.
    pub timestamps: bool,
    /// How far back it goes, in seconds.
    pub since_seconds: Option<i64>,
    /// Where it begins.
    pub since_time: Option<Timestamp>,
    /// How many lines from the end.
    pub tail_lines: Option<i64>,
    /// How many bytes at most.
    pub limit_bytes: Option<i64>,
    /// Which of the container's streams.
    pub stream: LogStream,
}

/// The streams of a container that are logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogStream {
    /// Both.
    #[default]
    All,
    /// The standard output.
    Stdout,
    /// The standard error.
    Stderr,
}

pub(super) fn serve(passage: &Passage<'_>) -> Result<Response<Body>, Failure> {
    let mut log = parse(passage.query)?;
    check(&log, passage)?;
    let pod = passage.object(&passage.name)?.document();
    log.container = container::choose(&pod, &passage.name, &log.container)?;
    log.namespace.clone_from(&passage.namespace);
    log.pod.clone_from(&passage.name);
    if let Some(logs) = &passage.backends().logs {
        return logs(log).map(answer);
    }
    match container::node_of(&pod) {
        "" => Ok(nothing()),
        name => {
            let kubelet = node::kubelet(passage.world, name)?;
            let path = format!(
                "containerLogs/{}/{}/{}",
                log.namespace, log.pod, log.container
            );
            let problem = node::refused(&kubelet);
            Err(failure::unexpected(format!(
                "Get \"https://{kubelet}/{path}\": {problem}"
            )))
        }
    }
}

fn parse(query: &Query) -> Result<PodLog, Failure> {
    let number = |key| query.integer(key).map_err(failure::bad_request);
    let since_time =
        match query.text("sinceTime") {
            "" => None,
            text => Some(text.parse().map_err(|error| {
                failure::bad_request(format!("parsing time \"{text}\": {error}"))
            })?),
        };
    Ok(PodLog {
        container: query.text("container").to_owned(),
        follow: query.flag("follow").unwrap_or(false),
        previous: query.flag("previous").unwrap_or(false),
        timestamps: query.flag("timestamps").unwrap_or(false),
        since_seconds: number("sinceSeconds")?,
        since_time,
        tail_lines: number("tailLines")?,
        limit_bytes: number("limitBytes")?,
        stream: match query.text("stream") {
            "Stdout" => LogStream::Stdout,
            "Stderr" => LogStream::Stderr,
            _ => LogStream::All,
        },
        ..PodLog::default()
    })
}

fn check(log: &PodLog, passage: &Passage<'_>) -> Result<(), Failure> {
    let mut errors = FieldErrors::default();
    if let Some(lines) = log.tail_lines.filter(|lines| *lines < 0) {
        let problem = "must be greater than or equal to 0";
        errors.push(FieldError::invalid("tailLines", lines, problem));
    }
    if let Some(bytes) = log.limit_bytes.filter(|bytes| *bytes < 1) {
        errors.push(FieldError::invalid(
            "limitBytes",
            bytes,
            "must be greater than 0",
        ));
    }
    match log.since_seconds {
        Some(_) if log.since_time.is_some() => {
            let why = "at most one of `sinceTime` or `sinceSeconds` may be specified";
            errors.push(FieldError::forbidden("", why));
        }
        Some(seconds) if seconds < 1 => {
            errors.push(FieldError::invalid(
                "sinceSeconds",
                seconds,
                "must be greater than 0",
            ));
        }
        _ => {}
    }
    let stream = passage.query.text("stream");
    let supported = ["All", "Stderr", "Stdout"];
    if !stream.is_empty() && !supported.contains(&stream) {
        errors.push(FieldError::not_supported("stream", stream, &supported));
    }
    if log.stream != LogStream::All && log.tail_lines.is_some() {
        let why = "`tailLines` and specific `stream` are mutually exclusive for now";
        errors.push(FieldError::forbidden("", why));
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(failure::invalid_kind(
            "",
            "PodLogOptions",
            &passage.name,
            errors,
        )),
    }
}

fn answer(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    response
}

/// The log of a pod that is on no node yet.
fn nothing() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}
