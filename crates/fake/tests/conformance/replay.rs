//! The replayer: carries out the steps of a scenario against a server and says where its answers differ from the recorded ones.

mod compare;
mod names;
mod path;
mod placeholder;
mod protobuf;
mod report;
mod request;
mod response;
mod run;
mod scenario;
mod template;
mod view;
mod watch;

pub(crate) use compare::compare;
pub(crate) use names::Names;
pub(crate) use report::Report;
pub(crate) use request::{Body, Transport};
pub(crate) use run::replay;
pub(crate) use scenario::Scenario;
