//! Which objects of a resource a request is about.

use std::borrow::Cow;
use std::sync::Arc;

use kubekit_core::{FieldSelector, LabelSelector};

use crate::failure::{self, Failure};
use crate::object::Object;
use crate::registry::Resource;
use crate::request::ListOptions;
use crate::strategy::UnknownField;

const NAME: &str = "metadata.name";
const NAMESPACE: &str = "metadata.namespace";

/// The objects in a namespace, or in all, that two selectors select.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    resource: Arc<Resource>,
    /// What the keys of the objects begin with.
    prefix: String,
    labels: LabelSelector,
    fields: FieldSelector,
}

impl Selection {
    /// Understands the selectors of a list or watch. An empty namespace means all.
    ///
    /// # Errors
    ///
    /// 400 for a selector that cannot be parsed and for a field that the kind cannot be selected by.
    pub(crate) fn new(
        resource: &Arc<Resource>,
        namespace: &str,
        options: &ListOptions,
    ) -> Result<Selection, Failure> {
        let labels = options.label_selector.parse();
        let labels = labels.map_err(failure::bad_request)?;
        let fields = options.field_selector.parse();
        let fields = fields.map_err(failure::bad_request)?;
        check_fields(resource, &fields)?;
        Ok(Selection {
            resource: Arc::clone(resource),
            prefix: match namespace {
                "" => String::new(),
                namespace => format!("{namespace}/"),
            },
            labels,
            fields,
        })
    }

    /// What the keys of all selected objects begin with.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether there is no selector, so that every object of the range is selected.
    pub(crate) fn is_everything(&self) -> bool {
        self.labels.is_everything() && self.fields.is_everything()
    }

    /// An object from the store as the resource shows it.
    pub(crate) fn view(&self, object: &Object) -> Object {
        self.resource.view(object)
    }

    /// Whether an object is selected.
    pub(crate) fn matches(&self, object: &Object) -> bool {
        let content = object.content();
        content.key().starts_with(&self.prefix)
            && self.labels.matches(content.labels())
            && self.fields.matches(|label| self.field(object, label))
    }

    fn field<'a>(&self, object: &'a Object, label: &str) -> Option<Cow<'a, str>> {
        let content = object.content();
        match label {
            NAME => Some(content.name().into()),
            NAMESPACE => Some(content.namespace().into()),
            label => match content.field(label) {
                Some(value) => Some(value.into()),
                // The field has become selectable after the object was written.
                None => {
                    let field = self.resource.strategy.field(label)?;
                    Some(field.value(&object.document()).into())
                }
            },
        }
    }
}

fn check_fields(resource: &Resource, selector: &FieldSelector) -> Result<(), Failure> {
    for requirement in selector.requirements() {
        let label = requirement.field.as_str();
        let known = matches!(label, NAME | NAMESPACE) || resource.strategy.field(label).is_some();
        if !known {
            return Err(failure::bad_request(unknown_field(resource, label)));
        }
    }
    Ok(())
}

fn unknown_field(resource: &Resource, label: &str) -> String {
    match resource.strategy.unknown_field {
        UnknownField::OnlyGeneric => {
            format!("\"{label}\" is not a known field selector: only \"{NAME}\", \"{NAMESPACE}\"")
        }
        UnknownField::NotSupported => format!("field label not supported: {label}"),
    }
}
