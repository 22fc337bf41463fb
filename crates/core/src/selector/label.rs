//! Selecting objects by labels.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::str::FromStr;

use k8s_openapi::apimachinery::pkg::apis::meta::v1;
use serde_json::{Map, Value};

use super::{LabelOperator, LabelRequirement, SelectorError, parser};

/// Selects objects by their labels: all requirements must hold, and none at all selects everything.
///
/// Parses and prints as the API server does, with the requirements ordered by key. Matches `labels.Selector`.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
/// use kubekit_core::LabelSelector;
///
/// let selector: LabelSelector = "tier!=cache, app in (web, api)".parse()?;
/// assert_eq!(selector.to_string(), "app in (api,web),tier!=cache");
/// assert_eq!(selector, LabelSelector::all().ne("tier", "cache")?.one_of("app", ["web", "api"])?);
///
/// let labels = BTreeMap::from([("app".to_owned(), "web".to_owned())]);
/// assert!(selector.matches(&labels));
/// # Ok::<(), kubekit_core::SelectorError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LabelSelector {
    requirements: Vec<LabelRequirement>,
}

impl LabelSelector {
    /// Selects everything.
    pub fn all() -> Self {
        Self::default()
    }

    /// Requires a label to have a value.
    ///
    /// # Errors
    ///
    /// Fails, as do the other methods that add a requirement, when the key or a value is one that no label can have.
    pub fn eq(self, key: &str, value: &str) -> Result<Self, SelectorError> {
        Ok(self.and(LabelRequirement::new(key, LabelOperator::Equals, [value])?))
    }

    /// Requires a label not to have a value; an object without the label is selected.
    ///
    /// # Errors
    ///
    /// As [`eq`](Self::eq).
    pub fn ne(self, key: &str, value: &str) -> Result<Self, SelectorError> {
        Ok(self.and(LabelRequirement::new(
            key,
            LabelOperator::NotEquals,
            [value],
        )?))
    }

    /// Requires a label to have one of the values.
    ///
    /// # Errors
    ///
    /// As [`eq`](Self::eq), and when there are no values.
    pub fn one_of<'a>(
        self,
        key: &str,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, SelectorError> {
        Ok(self.and(LabelRequirement::new(key, LabelOperator::In, values)?))
    }

    /// Requires a label to have none of the values; an object without the label is selected.
    ///
    /// # Errors
    ///
    /// As [`one_of`](Self::one_of).
    pub fn none_of<'a>(
        self,
        key: &str,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, SelectorError> {
        Ok(self.and(LabelRequirement::new(key, LabelOperator::NotIn, values)?))
    }

    /// Requires a label, whatever its value.
    ///
    /// # Errors
    ///
    /// As [`eq`](Self::eq).
    pub fn exists(self, key: &str) -> Result<Self, SelectorError> {
        Ok(self.and(LabelRequirement::new(key, LabelOperator::Exists, [])?))
    }

    /// Requires that there is no such label.
    ///
    /// # Errors
    ///
    /// As [`eq`](Self::eq).
    pub fn absent(self, key: &str) -> Result<Self, SelectorError> {
        Ok(self.and(LabelRequirement::new(key, LabelOperator::DoesNotExist, [])?))
    }

    /// Adds a requirement.
    pub fn and(mut self, requirement: LabelRequirement) -> Self {
        let place = self
            .requirements
            .partition_point(|other| other.key() <= requirement.key());
        self.requirements.insert(place, requirement);
        self
    }

    /// Returns the requirements, ordered by key.
    pub fn requirements(&self) -> &[LabelRequirement] {
        &self.requirements
    }

    /// Says whether everything is selected.
    pub fn is_everything(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Says whether an object with these labels is selected.
    pub fn matches(&self, labels: &(impl Labels + ?Sized)) -> bool {
        self.requirements
            .iter()
            .all(|requirement| requirement.matches(labels))
    }
}

impl FromStr for LabelSelector {
    type Err = SelectorError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let requirements = parser::parse(s)?;
        Ok(requirements.into_iter().fold(Self::all(), Self::and))
    }
}

impl fmt::Display for LabelSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, requirement) in self.requirements.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            requirement.fmt(f)?;
        }
        Ok(())
    }
}

/// Converts the selector that objects such as Deployments carry. An empty one selects everything.
impl TryFrom<&v1::LabelSelector> for LabelSelector {
    type Error = SelectorError;

    fn try_from(selector: &v1::LabelSelector) -> Result<Self, Self::Error> {
        let mut result = Self::all();
        for (key, value) in selector.match_labels.iter().flatten() {
            result = result.eq(key, value)?;
        }
        for expression in selector.match_expressions.iter().flatten() {
            let operator = match expression.operator.as_str() {
                "In" => LabelOperator::In,
                "NotIn" => LabelOperator::NotIn,
                "Exists" => LabelOperator::Exists,
                "DoesNotExist" => LabelOperator::DoesNotExist,
                other => {
                    return Err(SelectorError::new(format!(
                        "{other:?} is not a valid label selector operator"
                    )));
                }
            };
            let values = expression.values.iter().flatten().map(String::as_str);
            result = result.and(LabelRequirement::new(&expression.key, operator, values)?);
        }
        Ok(result)
    }
}

/// A set of labels that a selector can be held against.
pub trait Labels {
    /// Returns the value of a label.
    fn label(&self, key: &str) -> Option<&str>;
}

impl Labels for BTreeMap<String, String> {
    fn label(&self, key: &str) -> Option<&str> {
        self.get(key).map(String::as_str)
    }
}

impl Labels for HashMap<String, String> {
    fn label(&self, key: &str) -> Option<&str> {
        self.get(key).map(String::as_str)
    }
}

/// Labels as they stand in JSON; a value that is not a string counts as no label.
impl Labels for Map<String, Value> {
    fn label(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }
}

impl<L: Labels> Labels for Option<L> {
    fn label(&self, key: &str) -> Option<&str> {
        self.as_ref()?.label(key)
    }
}

impl<L: Labels + ?Sized> Labels for &L {
    fn label(&self, key: &str) -> Option<&str> {
        (**self).label(key)
    }
}

pub(super) type Values = BTreeSet<Box<str>>;
