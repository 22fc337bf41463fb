//! The options of requests, with every field the API has.
//!
//! Each is a plain structure with public fields and builder methods of the same names; `query` gives the parameters that a
//! request carries.

mod delete;
mod read;
mod watch;
mod write;

pub use delete::{DeleteOptions, Preconditions, PropagationPolicy};
pub use read::{GetOptions, ListOptions, ResourceVersionMatch};
pub use watch::WatchOptions;
pub use write::{CreateOptions, FieldValidation, PatchOptions, UpdateOptions};
