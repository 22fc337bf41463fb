//! Field management and server-side apply: who owns which fields of an object, and what follows for who wants to change them.
//!
//! A [`Writer`] is somebody who writes in one version of a kind. It keeps `metadata.managedFields` true through creations and updates, and
//! lays applied documents over what there is. Below it, everything works on three things: [`set::Set`]s of paths, the [`shape`]s of kinds
//! (which lists are sets or maps, what is only owned whole), and plain JSON documents without `apiVersion` and `kind`. Nothing here knows
//! about requests or the store.

mod check;
mod compare;
mod conflict;
mod cut;
mod element;
mod last_applied;
#[cfg(test)]
mod laws;
mod managers;
mod merge;
mod own;
mod ownership;
mod prune;
mod scale;
mod schemas;
mod set;
mod shape;
mod track;
mod v1;

pub(crate) use ownership::Writer;
pub(crate) use scale::ScaleFields;
pub(crate) use schemas::Schemas;
pub(crate) use set::Set;
pub(crate) use shape::CustomShapes;
pub(crate) use track::{Config, Tracked};
