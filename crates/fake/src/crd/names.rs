//! Which definition gets which names.

use super::definition::{Definition, Names};

/// What a definition has been given of the names it asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decision {
    /// All but those that others have.
    pub(super) accepted: Names,
    /// The first name that it cannot have, if there is one.
    pub(super) conflict: Option<Conflict>,
}

/// Why a definition is not served.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Conflict {
    /// The reason in the condition.
    pub(super) reason: &'static str,
    pub(super) message: String,
}

/// Gives a definition the names that no other of its group has been given.
pub(super) fn decide(definition: &Definition, others: &[&Names]) -> Decision {
    let wanted = &definition.spec.names;
    let given = &definition.status.accepted_names;
    let mut decision = Decision {
        accepted: Names {
            categories: wanted.categories.clone(),
            ..given.clone()
        },
        conflict: None,
    };
    let resource_taken = |name: &str| {
        others.iter().any(|other| {
            [&other.plural, &other.singular]
                .into_iter()
                .chain(&other.short_names)
                .any(|taken| taken == name)
        })
    };
    let kind_taken = |name: &str| {
        others
            .iter()
            .any(|other| other.kind == name || other.list_kind == name)
    };

    let mut choose = |slot: &mut String, wanted: &str, taken: &dyn Fn(&str) -> bool, reason| {
        if slot != wanted && taken(wanted) {
            refuse(&mut decision.conflict, wanted, reason);
        } else {
            wanted.clone_into(slot);
        }
    };
    let accepted = &mut decision.accepted;
    choose(
        &mut accepted.plural,
        &wanted.plural,
        &resource_taken,
        "PluralConflict",
    );
    choose(
        &mut accepted.singular,
        &wanted.singular,
        &resource_taken,
        "SingularConflict",
    );
    choose(
        &mut accepted.kind,
        &wanted.kind,
        &kind_taken,
        "KindConflict",
    );
    choose(
        &mut accepted.list_kind,
        &wanted.list_kind,
        &kind_taken,
        "ListKindConflict",
    );
    let new_short_names = wanted
        .short_names
        .iter()
        .filter(|name| !given.short_names.contains(name));
    match new_short_names
        .into_iter()
        .find(|name| resource_taken(name))
    {
        Some(taken) => refuse(&mut decision.conflict, taken, "ShortNamesConflict"),
        None => decision
            .accepted
            .short_names
            .clone_from(&wanted.short_names),
    }
    decision
}

fn refuse(conflict: &mut Option<Conflict>, name: &str, reason: &'static str) {
    conflict.get_or_insert_with(|| Conflict {
        reason,
        message: format!("{name:?} is already in use"),
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Definition, Names, decide};

    fn names(plural: &str, kind: &str) -> Names {
        Names {
            plural: plural.to_owned(),
            singular: kind.to_lowercase(),
            kind: kind.to_owned(),
            list_kind: format!("{kind}List"),
            short_names: vec![plural[..2].to_owned()],
            ..Names::default()
        }
    }

    fn definition(plural: &str, kind: &str) -> Definition {
        let definition = json!({
            "metadata": {"name": format!("{plural}.example.com")},
            "spec": {"group": "example.com", "scope": "Namespaced", "versions": [], "names": {
                "plural": plural, "singular": kind.to_lowercase(), "kind": kind, "listKind": format!("{kind}List"),
                "shortNames": [&plural[..2]],
            }},
        });
        serde_json::from_value(definition).expect("a definition")
    }

    #[test]
    fn a_definition_gets_names_that_nobody_has() {
        let decision = decide(&definition("cogs", "Cog"), &[&names("wheels", "Wheel")]);
        assert_eq!(decision.conflict, None);
        assert_eq!(decision.accepted, names("cogs", "Cog"));
    }

    #[test]
    fn a_name_that_another_has_is_refused_and_the_rest_accepted() {
        let decision = decide(&definition("xoggies", "Cog"), &[&names("cogs", "Cog")]);
        assert_eq!(
            decision.conflict.map(|conflict| conflict.reason),
            Some("SingularConflict")
        );
        assert_eq!(decision.accepted.plural, "xoggies");
        assert_eq!(decision.accepted.kind, "");
    }

    #[test]
    fn names_once_given_are_kept() {
        let mut cogs = definition("cogs", "Cog");
        cogs.status.accepted_names = names("cogs", "Cog");
        let decision = decide(&cogs, &[&names("cogs", "Cog")]);
        assert_eq!(decision.conflict, None);
    }
}
