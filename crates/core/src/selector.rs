//! Label and field selectors: parsed, printed and evaluated as the API server does.

mod error;
mod field;
mod label;
mod lexer;
mod parser;
mod requirement;

pub use error::SelectorError;
pub use field::{FieldOperator, FieldRequirement, FieldSelector};
pub use label::{LabelSelector, Labels};
pub use requirement::{LabelOperator, LabelRequirement};
