//! What will go wrong with one request.

use std::time::Duration;

use super::fault::{Kind, StreamFault};
use super::stream::{self, Break};
use super::{Disconnected, Faults};
use crate::action::Action;
use crate::answer::Watch;
use crate::failure::Failure;
use crate::http::Verb;

/// What will go wrong with one request.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    delay: Duration,
    end: Option<Kind>,
    stream: Vec<StreamFault>,
}

/// Why a request is not carried out.
#[derive(Debug)]
pub(crate) enum Mishap {
    Refused(Failure),
    Disconnected(Disconnected),
}

impl Faults {
    /// Decides what will go wrong with a request, and uses up the faults that do.
    pub(crate) fn plan(&self, action: &Action) -> Plan {
        let mut plan = Plan::default();
        for (hook, fault) in self.injected.on(action) {
            let is_of_use = match fault.kind {
                Kind::Delay(_) => true,
                Kind::Stream(_) => action.verb == Verb::Watch,
                _ => plan.end.is_none(),
            };
            if is_of_use && hook.use_once() {
                plan.add(&fault.kind);
            }
        }
        plan
    }
}

impl Plan {
    fn add(&mut self, kind: &Kind) {
        match kind {
            Kind::Delay(delay) => self.delay = self.delay.saturating_add(*delay),
            Kind::Stream(fault) => self.stream.push(*fault),
            end => self.end = Some(end.clone()),
        }
    }

    /// Goes through what is to happen before the request is carried out.
    ///
    /// # Cancel safety
    ///
    /// The request has not been carried out when the future is dropped.
    pub(crate) async fn before(&self) -> Result<(), Mishap> {
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        match &self.end {
            Some(Kind::Refusal(failure)) => Err(Mishap::Refused(failure.clone())),
            Some(Kind::Cut) => Err(Mishap::Disconnected(Disconnected::new())),
            Some(Kind::Hang) => std::future::pending().await,
            _ => Ok(()),
        }
    }

    /// Whether the client is not told what came of the request.
    pub(crate) fn after(&self) -> Result<(), Disconnected> {
        match self.end {
            Some(Kind::LostResponse) => Err(Disconnected::new()),
            _ => Ok(()),
        }
    }

    /// Spoils the events of a watch. The [`Break`] says whether its body is to break off where they end.
    pub(crate) fn spoil(&self, watch: &mut Watch) -> Option<Break> {
        if self.stream.is_empty() {
            return None;
        }
        let broken = Break::default();
        for fault in &self.stream {
            stream::spoil(watch, *fault, &broken);
        }
        Some(broken)
    }
}
