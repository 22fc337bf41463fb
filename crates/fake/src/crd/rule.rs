//! Rules that definitions write in CEL, and what they say of an object.

mod names;
mod run;
mod types;
mod values;

use std::sync::OnceLock;

use serde::Deserialize;

use super::schema::Structural;
use crate::cel::{Program, Type};

pub(crate) use run::check;

/// What a rule calls the value it is about.
const SELF: &str = "self";
/// What it calls the value before an update.
const OLD_SELF: &str = "oldSelf";

/// A rule as a definition writes it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Rule {
    pub(crate) rule: String,
    pub(crate) message: String,
    pub(crate) message_expression: String,
    pub(crate) reason: Option<String>,
    pub(crate) field_path: String,
    pub(crate) optional_old_self: Option<bool>,
    #[serde(skip)]
    compiled: Once,
}

/// A rule that has been compiled.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) rule: Result<Program, String>,
    /// The expression that makes the message, if there is one.
    pub(crate) message: Option<Result<Program, String>>,
    /// Whether the rule is about a change.
    pub(crate) is_transition: bool,
}

impl Rule {
    /// The rule compiled for the schema that has it, the first time it is needed.
    pub(crate) fn compiled(&self, schema: &Structural, is_root: bool) -> &Compiled {
        self.compiled
            .0
            .get_or_init(|| self.compile(schema, is_root))
    }

    fn compile(&self, schema: &Structural, is_root: bool) -> Compiled {
        let of_self = types::of(schema, is_root).unwrap_or(Type::Dyn);
        let of_old = match self.optional_old_self {
            Some(true) => Type::optional(of_self.clone()),
            _ => of_self.clone(),
        };
        let variables = [(SELF, of_self), (OLD_SELF, of_old)];
        let rule = Program::compile(&self.rule, &variables, &Type::Bool);
        let message = match self.message_expression.trim() {
            "" => None,
            text => Some(Program::compile(text, &variables, &Type::Text)),
        };
        Compiled {
            is_transition: rule.as_ref().is_ok_and(|rule| rule.uses(OLD_SELF)),
            rule,
            message,
        }
    }
}

/// What is made once. It is no part of what it belongs to: copies make their own, and it makes no difference between two.
#[derive(Debug, Default)]
struct Once(OnceLock<Compiled>);

impl Clone for Once {
    fn clone(&self) -> Self {
        Once::default()
    }
}

impl PartialEq for Once {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
