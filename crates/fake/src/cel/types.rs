//! Types, as far as they are known before an expression runs.

use std::fmt;
use std::sync::Arc;

/// A type.
#[derive(Clone, Debug)]
pub(crate) enum Type<'a> {
    /// Any; what it is turns out when the expression runs.
    Dyn,
    Null,
    Bool,
    Int,
    UInt,
    Double,
    Text,
    Bytes,
    List(Arc<Type<'a>>),
    /// The type of the values.
    Map(Arc<Type<'a>>),
    Object(Arc<dyn Fields<'a> + 'a>),
    Timestamp,
    Duration,
    Optional(Arc<Type<'a>>),
    /// That of types.
    Meta,
}

/// The fields of an object.
pub(crate) trait Fields<'a>: fmt::Debug + Send + Sync {
    /// The type of a field, if there is such a field.
    fn field(&self, name: &str) -> Option<Type<'a>>;
}

impl<'a> Type<'a> {
    pub(crate) fn list(of: Type<'a>) -> Type<'a> {
        Type::List(Arc::new(of))
    }

    pub(crate) fn map(of: Type<'a>) -> Type<'a> {
        Type::Map(Arc::new(of))
    }

    pub(crate) fn optional(of: Type<'a>) -> Type<'a> {
        Type::Optional(Arc::new(of))
    }

    /// Whether a value of this type may be where `wanted` is.
    pub(super) fn fits(&self, wanted: &Type<'_>) -> bool {
        match (self, wanted) {
            (Type::Dyn | Type::Null, _) | (_, Type::Dyn | Type::Null) => true,
            (Type::List(a), Type::List(b))
            | (Type::Map(a), Type::Map(b))
            | (Type::Optional(a), Type::Optional(b)) => a.fits(b),
            (Type::Map(_), Type::Object(_)) | (Type::Object(_), Type::Map(_)) => true,
            (a, b) => std::mem::discriminant(&a.bare()) == std::mem::discriminant(&b.bare()),
        }
    }

    /// The type without what is within.
    fn bare(&self) -> Type<'static> {
        match self {
            Type::Null => Type::Null,
            Type::Bool => Type::Bool,
            Type::Int => Type::Int,
            Type::UInt => Type::UInt,
            Type::Double => Type::Double,
            Type::Text => Type::Text,
            Type::Bytes => Type::Bytes,
            Type::Timestamp => Type::Timestamp,
            Type::Duration => Type::Duration,
            Type::Meta => Type::Meta,
            Type::List(_) => Type::list(Type::Dyn),
            Type::Optional(_) => Type::optional(Type::Dyn),
            Type::Map(_) | Type::Object(_) => Type::map(Type::Dyn),
            Type::Dyn => Type::Dyn,
        }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self, Type::Int | Type::UInt | Type::Double | Type::Dyn)
    }

    /// The type of what is one of two.
    pub(super) fn or(self, other: &Type<'a>) -> Type<'a> {
        match (&self, other) {
            (Type::Null, other) => other.clone(),
            (_, Type::Null) => self,
            (Type::Dyn, _) | (_, Type::Dyn) => Type::Dyn,
            _ if self.fits(other) => self,
            _ => Type::Dyn,
        }
    }
}

impl fmt::Display for Type<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Dyn => f.write_str("dyn"),
            Type::Null => f.write_str("null"),
            Type::Bool => f.write_str("bool"),
            Type::Int => f.write_str("int"),
            Type::UInt => f.write_str("uint"),
            Type::Double => f.write_str("double"),
            Type::Text => f.write_str("string"),
            Type::Bytes => f.write_str("bytes"),
            Type::List(of) => write!(f, "list({of})"),
            Type::Map(of) => write!(f, "map(string, {of})"),
            Type::Object(_) => f.write_str("object"),
            Type::Timestamp => f.write_str("timestamp"),
            Type::Duration => f.write_str("duration"),
            Type::Optional(of) => write!(f, "optional_type({of})"),
            Type::Meta => f.write_str("type"),
        }
    }
}
