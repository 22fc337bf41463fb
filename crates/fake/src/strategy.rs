//! How kinds differ where the verbs must know: facts in a table, looked up once per resource.

mod built_in;
mod custom;
mod deletion;
mod hook;
mod select;

use std::sync::Arc;

use crate::request::Propagation;

pub(crate) use deletion::Verdict;
pub(crate) use hook::{Convert, DeletionHook, Hook, Part, Write};

/// The facts of one kind. The defaults are what most built-in kinds have.
#[derive(Clone, Debug)]
pub(crate) struct Strategy {
    /// When `metadata.generation` moves.
    pub(crate) generation: Generation,
    /// What a deletion that took place is answered with.
    pub(crate) delete_answer: DeleteAnswer,
    /// How an object goes away.
    pub(crate) deletion: Deletion,
    /// What becomes of dependents when a deletion does not say.
    pub(crate) default_propagation: Propagation,
    /// The warning that a deletion gets which does not say what becomes of dependents.
    pub(crate) delete_warning: Option<&'static str>,
    /// Whether an update may leave out `metadata.resourceVersion`.
    pub(crate) unconditional_update: bool,
    /// Whether an update creates an object that does not exist.
    pub(crate) create_on_update: bool,
    /// What names look like.
    pub(crate) names: NameRule,
    /// What a new object's `status` is.
    pub(crate) initial_status: InitialStatus,
    /// What an update of the status subresource may change beside the status.
    pub(crate) status_update: StatusUpdate,
    /// The finalizer every new object gets.
    pub(crate) finalizer: Option<&'static str>,
    /// The selectable fields beside `metadata.name` and `metadata.namespace`.
    pub(crate) fields: Vec<SelectableField>,
    /// How an unknown field in a selector is refused.
    pub(crate) unknown_field: UnknownField,
    /// What an object that a client wrote becomes before anybody looks at it, beyond what the schema says.
    pub(crate) convert: Option<Convert>,
    /// What else happens to an object before it is written.
    pub(crate) hook: Option<Hook>,
    /// What happens to an object when its deletion begins.
    pub(crate) deletion_hook: Option<DeletionHook>,
}

/// When `metadata.generation` moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generation {
    /// Never: what a client writes on creation stays.
    Authored,
    /// It starts at 1 and moves with everything but `metadata` and `status`, and with the listed fields of `metadata`.
    Managed { metadata: &'static [&'static str] },
}

/// What a deletion that took place is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeleteAnswer {
    Status,
    Object,
}

/// How an object goes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deletion {
    /// At once, or when its finalizers are gone.
    Immediate,
    /// As a pod: its node gets `spec.terminationGracePeriodSeconds` to stop it.
    Graceful,
    /// As a namespace: when `spec.finalizers` are gone too.
    Finalized,
}

/// What names look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameRule {
    /// A DNS subdomain of at most 253 characters.
    Subdomain,
    /// A DNS label of at most 63 characters.
    Label,
    /// As [`NameRule::Label`], but it begins with a letter.
    Label1035,
    /// Anything that can be a segment of a path.
    PathSegment,
}

/// What a new object's `status` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InitialStatus {
    /// What the client wrote, even if there is a status subresource.
    Authored,
    /// Nothing, if there is a status subresource.
    Absent,
    /// This JSON.
    Fixed(&'static str),
}

/// What an update of the status subresource may change beside the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StatusUpdate {
    /// `metadata`, as far as an ordinary update may, but for these fields of it.
    MetadataBut(&'static [&'static str]),
    /// Nothing.
    Nothing,
}

/// A field that objects can be selected by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SelectableField {
    /// As written in a selector.
    pub(crate) label: Arc<str>,
    /// Where it is, most often the same as `label`; the first of several places that has a value counts.
    pub(crate) paths: Vec<Vec<String>>,
    /// What an object without a value is selected by.
    pub(crate) default: String,
}

/// How an unknown field in a selector is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnknownField {
    /// With a list of the generic fields, for kinds that have no other.
    OnlyGeneric,
    /// `field label not supported: ...`, for kinds with their own table.
    NotSupported,
}

impl Default for Strategy {
    fn default() -> Self {
        Strategy {
            generation: Generation::Authored,
            delete_answer: DeleteAnswer::Status,
            deletion: Deletion::Immediate,
            default_propagation: Propagation::Background,
            delete_warning: None,
            unconditional_update: true,
            create_on_update: false,
            names: NameRule::Subdomain,
            initial_status: InitialStatus::Absent,
            status_update: StatusUpdate::MetadataBut(&[]),
            finalizer: None,
            fields: Vec::new(),
            unknown_field: UnknownField::OnlyGeneric,
            convert: None,
            hook: None,
            deletion_hook: None,
        }
    }
}

impl SelectableField {
    /// A field selected by its own path, such as `spec.nodeName`.
    pub(crate) fn new(path: &str) -> SelectableField {
        SelectableField {
            label: path.into(),
            paths: vec![path.split('.').map(str::to_owned).collect()],
            default: String::new(),
        }
    }
}
