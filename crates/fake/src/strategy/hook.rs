//! What a kind does to its objects before they are written, beyond what a table can say.

use crate::access::User;
use crate::clock::Clock;
use crate::failure::FieldErrors;
use crate::registry::Resource;
use crate::request::Document;
use crate::world::World;

/// Brings an object that a client wrote into the form in which it is kept. What it fills in counts as written by the client.
pub(crate) type Convert = fn(&mut Document);

/// Completes and checks an object that is about to be created or updated.
///
/// It runs when `metadata` is complete and the parts of the object that the request cannot change are as they were. What it returns
/// is added to what else is wrong with the object.
pub(crate) type Hook = fn(&Write<'_>, &mut Document) -> FieldErrors;

/// Prepares an object whose deletion begins: it may get finalizers, and say in its status why it is still there.
pub(crate) type DeletionHook = fn(&Clock, &mut Document);

/// A write in progress.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Write<'a> {
    /// Where other objects are.
    pub(crate) world: &'a World,
    pub(crate) resource: &'a Resource,
    pub(crate) part: Part,
    /// Who writes.
    pub(crate) user: &'a User,
    pub(crate) clock: &'a Clock,
    /// The object as it is; none while it is created.
    pub(crate) old: Option<&'a Document>,
}

/// Which part of an object a write may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All but the status, if that has a subresource.
    Main,
    /// The status.
    Status,
    /// `spec.finalizers` of a namespace.
    Finalizers,
    /// The conditions of a certificate signing request.
    Approval,
    /// The ephemeral containers of a pod.
    EphemeralContainers,
    /// What the containers of a pod request and are limited to.
    Resources,
}

impl Part {
    /// The subresource that the part is written through, empty for the object itself.
    pub(crate) fn subresource(self) -> &'static str {
        match self {
            Part::Main => "",
            Part::Status => "status",
            Part::Finalizers => "finalize",
            Part::Approval => "approval",
            Part::EphemeralContainers => "ephemeralcontainers",
            Part::Resources => "resize",
        }
    }

    /// Whether a write of this part is one of the specification, which the generation counts.
    pub(crate) fn is_counted(self) -> bool {
        match self {
            Part::Main | Part::EphemeralContainers | Part::Resources => true,
            Part::Approval | Part::Finalizers | Part::Status => false,
        }
    }
}
