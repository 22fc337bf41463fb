//! Fields that are applied with another value than somebody else gave them.

use kubekit_core::{CauseType, Status, StatusCause, StatusDetails, StatusReason};

use super::managers::{Manager, Operation};
use super::set::Set;
use crate::failure::Failure;

/// The fields that are in conflict, by who owns them.
#[derive(Debug, Default)]
pub(crate) struct Conflicts(Vec<(Manager, Set)>);

impl Conflicts {
    pub(crate) fn add(&mut self, manager: &Manager, fields: Set) {
        if !fields.is_empty() {
            self.0.push((manager.clone(), fields));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The conflicts about other fields than these.
    pub(crate) fn outside(self, allowed: &Set) -> Conflicts {
        let mut rest = Conflicts::default();
        for (manager, fields) in self.0 {
            rest.add(&manager, fields.difference(allowed));
        }
        rest
    }

    /// 409, with a cause for each field.
    pub(crate) fn into_failure(self) -> Failure {
        let mut causes = Vec::new();
        let mut lines = Vec::new();
        for (manager, fields) in &self.0 {
            let owner = describe(manager);
            lines.push(format!("conflicts with {owner}:"));
            fields.for_each_path(&mut |path| {
                let path = path.to_string();
                lines.push(format!("- {path}"));
                let message = format!("conflict with {owner}");
                let cause = CauseType::FIELD_MANAGER_CONFLICT;
                causes.push(StatusCause::new(cause, message, path));
            });
        }
        let message = match causes.as_slice() {
            [cause] => format!(
                "Apply failed with 1 conflict: {}: {}",
                cause.message, cause.field
            ),
            causes => {
                let count = causes.len();
                format!("Apply failed with {count} conflicts: {}", lines.join("\n"))
            }
        };
        let mut details = StatusDetails::default();
        details.causes = causes;
        Box::new(Status::failure(409, StatusReason::Conflict, message).details(details))
    }
}

fn describe(manager: &Manager) -> String {
    let mut text = format!("{:?}", manager.name);
    if !manager.subresource.is_empty() {
        text.push_str(&format!(" with subresource {:?}", manager.subresource));
    }
    if manager.operation == Operation::Update {
        text.push_str(&format!(" using {}", manager.api_version));
    }
    text
}
