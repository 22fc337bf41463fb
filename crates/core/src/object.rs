//! Objects whose kind is only known at run time.

mod partial;
mod types;
mod unstructured;

pub use partial::PartialObjectMetadata;
pub use types::{DynamicResourceScope, TypeMeta};
pub use unstructured::Unstructured;
