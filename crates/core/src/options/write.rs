//! Options of create, update and patch.

use std::fmt;

use crate::Query;

/// Options of a create, as in `metav1.CreateOptions`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CreateOptions {
    /// Whether the server only pretends.
    pub dry_run: bool,
    /// The name under which the server notes who set which field.
    pub field_manager: Option<String>,
    /// What the server does about unknown and duplicate fields.
    pub field_validation: Option<FieldValidation>,
}

/// Options of an update, as in `metav1.UpdateOptions`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct UpdateOptions {
    /// Whether the server only pretends.
    pub dry_run: bool,
    /// The name under which the server notes who set which field.
    pub field_manager: Option<String>,
    /// What the server does about unknown and duplicate fields.
    pub field_validation: Option<FieldValidation>,
}

/// Options of a patch, as in `metav1.PatchOptions`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PatchOptions {
    /// Whether the server only pretends.
    pub dry_run: bool,
    /// The name under which the server notes who set which field; a server-side apply must have one.
    pub field_manager: Option<String>,
    /// What the server does about unknown and duplicate fields.
    pub field_validation: Option<FieldValidation>,
    /// Whether a server-side apply takes fields from their present managers; unset for all other patches.
    pub force: Option<bool>,
}

macro_rules! write_options {
    ($options:ident) => {
        impl $options {
            /// Lets the server only pretend. It acts by default.
            pub fn dry_run(mut self) -> Self {
                self.dry_run = true;
                self
            }

            /// Sets the name under which the server notes who set which field. Taken from the user agent by default.
            pub fn field_manager(mut self, name: impl Into<String>) -> Self {
                self.field_manager = Some(name.into());
                self
            }

            /// Sets what the server does about unknown and duplicate fields. It warns by default.
            pub fn field_validation(mut self, validation: FieldValidation) -> Self {
                self.field_validation = Some(validation);
                self
            }

            fn common_query(&self) -> Query {
                let mut query = Query::new();
                query.push_some("dryRun", self.dry_run.then_some("All"));
                query.push_some("fieldManager", self.field_manager.as_ref());
                query.push_some("fieldValidation", self.field_validation);
                query
            }
        }
    };
}

write_options!(CreateOptions);
write_options!(UpdateOptions);
write_options!(PatchOptions);

impl CreateOptions {
    /// Returns the query parameters.
    pub fn query(&self) -> Query {
        self.common_query()
    }
}

impl UpdateOptions {
    /// Returns the query parameters.
    pub fn query(&self) -> Query {
        self.common_query()
    }
}

impl PatchOptions {
    /// Lets a server-side apply take fields from their present managers. It fails with a conflict by default.
    pub fn force(mut self) -> Self {
        self.force = Some(true);
        self
    }

    /// Returns the query parameters.
    pub fn query(&self) -> Query {
        let mut query = self.common_query();
        query.push_some("force", self.force);
        query
    }
}

/// What the server does about fields that the kind does not have and about fields that occur twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FieldValidation {
    /// Drops them.
    Ignore,
    /// Drops them and sends a warning for each.
    Warn,
    /// Refuses the request.
    Strict,
}

impl fmt::Display for FieldValidation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ignore => "Ignore",
            Self::Warn => "Warn",
            Self::Strict => "Strict",
        })
    }
}
