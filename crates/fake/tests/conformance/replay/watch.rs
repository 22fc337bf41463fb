//! A watch in progress, read in the background.

use std::time::Duration;

use bytes::BytesMut;
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::request::Body;

/// The events of a watch, and how it ended. Dropping it closes the stream.
#[derive(Debug)]
pub(super) struct Watch {
    incoming: mpsc::UnboundedReceiver<Incoming>,
    /// What has come and not been taken.
    events: Vec<Value>,
    pub(super) ended: Option<Ended>,
    _reader: AbortOnDropHandle<()>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Properly,
    Broken,
}

#[derive(Debug)]
enum Incoming {
    Event(Value),
    End(Ended),
}

impl Watch {
    pub(super) fn start(body: Body) -> Watch {
        let (sender, incoming) = mpsc::unbounded_channel();
        let reader = tokio::spawn(async move {
            let end = read(body, &sender).await;
            let _ = sender.send(Incoming::End(end));
        });
        Watch {
            incoming,
            events: Vec::new(),
            ended: None,
            _reader: AbortOnDropHandle::new(reader),
        }
    }

    /// Waits until what has come is enough, or the stream has ended, or the time is over, and returns what has come. It stays there to be
    /// [taken](Self::take).
    pub(super) async fn wait(
        &mut self,
        enough: impl Fn(&[Value]) -> bool,
        patience: Duration,
    ) -> &[Value] {
        let deadline = Instant::now() + patience;
        while !enough(&self.events) && self.ended.is_none() {
            match timeout_at(deadline, self.incoming.recv()).await {
                Ok(Some(Incoming::Event(event))) => self.events.push(event),
                Ok(Some(Incoming::End(end))) => self.ended = Some(end),
                Ok(None) => self.ended = Some(Ended::Broken),
                Err(_) => break,
            }
        }
        &self.events
    }

    /// Takes the first `count` events.
    pub(super) fn take(&mut self, count: usize) -> Vec<Value> {
        self.events.drain(..count).collect()
    }
}

pub(super) fn is_bookmark(event: &Value) -> bool {
    event["type"] == "BOOKMARK"
}

async fn read(mut body: Body, events: &mpsc::UnboundedSender<Incoming>) -> Ended {
    let mut buffer = BytesMut::new();
    while let Some(frame) = body.frame().await {
        match frame.map(|frame| frame.into_data()) {
            Ok(Ok(data)) => buffer.extend_from_slice(&data),
            Ok(Err(_)) => {}
            Err(_) => return Ended::Broken,
        }
        while let Some(end) = buffer.iter().position(|byte| *byte == b'\n') {
            let line = buffer.split_to(end + 1);
            if line.trim_ascii().is_empty() {
                continue;
            }
            match serde_json::from_slice(&line) {
                Ok(event) => drop(events.send(Incoming::Event(event))),
                Err(_) => return Ended::Broken,
            }
        }
    }
    // What is left is an event that was cut.
    if buffer.trim_ascii().is_empty() {
        Ended::Properly
    } else {
        Ended::Broken
    }
}
