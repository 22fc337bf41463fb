//! The facts of custom resources.

use super::{Generation, SelectableField, StatusUpdate, Strategy, UnknownField};

impl Strategy {
    /// What holds for every custom resource. `fields` are its selectable fields, such as `spec.color`.
    pub(crate) fn of_custom(fields: impl IntoIterator<Item = String>) -> Strategy {
        let fields = fields.into_iter().map(|path| {
            let path = path.trim_start_matches('.');
            SelectableField::new(path)
        });
        Strategy {
            generation: Generation::Managed { metadata: &[] },
            unconditional_update: false,
            status_update: StatusUpdate::Nothing,
            fields: fields.collect(),
            unknown_field: UnknownField::NotSupported,
            ..Strategy::default()
        }
    }
}
