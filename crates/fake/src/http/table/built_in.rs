//! Columns of built-in kinds.

mod access;
mod events;
mod jobs;
mod nodes;
mod pods;
mod services;

use jiff::Timestamp;
use serde_json::Value;

use super::ColumnDefinition;
use crate::object::Types;

use super::cells::{count, date, elements, integer, joined, labels, or_none, text};

/// A column and what it shows.
#[derive(Debug)]
pub(super) struct Column {
    name: &'static str,
    value_type: &'static str,
    /// Zero for columns that are always shown, more for those of the wide output.
    priority: i64,
    cell: Cell,
}

/// What a cell shows.
#[derive(Debug)]
enum Cell {
    /// The name of the object.
    Name,
    /// The time since its creation.
    Age,
    /// When it was created.
    Created,
    /// A text at a JSON pointer, empty if there is none.
    Text(&'static str),
    /// An integer at a JSON pointer, zero if there is none.
    Integer(&'static str),
    /// What a function makes of it.
    Made(fn(&Value) -> Value),
    /// What a function makes of it at a time.
    Timed(fn(&Value, Timestamp) -> Value),
}

const NAME: Column = Column {
    name: "Name",
    value_type: "string",
    priority: 0,
    cell: Cell::Name,
};

const AGE: Column = column("Age", Cell::Age);

const fn column(name: &'static str, cell: Cell) -> Column {
    Column {
        name,
        value_type: match cell {
            Cell::Integer(_) => "integer",
            Cell::Created => "date",
            _ => "string",
        },
        priority: 0,
        cell,
    }
}

const fn wide(name: &'static str, cell: Cell) -> Column {
    Column {
        priority: 1,
        ..column(name, cell)
    }
}

const fn made(name: &'static str, make: fn(&Value) -> Value) -> Column {
    column(name, Cell::Made(make))
}

const CONTAINERS: Column = wide(
    "Containers",
    Cell::Made(|object| containers(object, "/name")),
);
const IMAGES: Column = wide("Images", Cell::Made(|object| containers(object, "/image")));
const SELECTOR: Column = wide(
    "Selector",
    Cell::Made(|object| or_none(&labels(object, "/spec/selector/matchLabels"))),
);

const CONFIG_MAPS: &[Column] = &[
    NAME,
    made("Data", |object| {
        (count(object, "/data") + count(object, "/binaryData")).into()
    }),
    AGE,
];

const SECRETS: &[Column] = &[
    NAME,
    column("Type", Cell::Text("/type")),
    made("Data", |object| count(object, "/data").into()),
    AGE,
];

const NAMESPACES: &[Column] = &[NAME, column("Status", Cell::Text("/status/phase")), AGE];

const SERVICE_ACCOUNTS: &[Column] = &[
    NAME,
    made("Secrets", |object| {
        elements(object, "/secrets").len().into()
    }),
    AGE,
];

const DEPLOYMENTS: &[Column] = &[
    NAME,
    made("Ready", ready),
    // These are numbers in a column of texts, as in the API server.
    made("Up-to-date", |object| {
        integer(object, "/status/updatedReplicas").into()
    }),
    made("Available", |object| {
        integer(object, "/status/availableReplicas").into()
    }),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];

const REPLICA_SETS: &[Column] = &[
    NAME,
    column("Desired", Cell::Integer("/spec/replicas")),
    column("Current", Cell::Integer("/status/replicas")),
    column("Ready", Cell::Integer("/status/readyReplicas")),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];

const STATEFUL_SETS: &[Column] = &[NAME, made("Ready", ready), AGE, CONTAINERS, IMAGES];

const DAEMON_SETS: &[Column] = &[
    NAME,
    column("Desired", Cell::Integer("/status/desiredNumberScheduled")),
    column("Current", Cell::Integer("/status/currentNumberScheduled")),
    column("Ready", Cell::Integer("/status/numberReady")),
    column(
        "Up-to-date",
        Cell::Integer("/status/updatedNumberScheduled"),
    ),
    column("Available", Cell::Integer("/status/numberAvailable")),
    made("Node Selector", |object| {
        or_none(&labels(object, "/spec/template/spec/nodeSelector"))
    }),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];

const LEASES: &[Column] = &[
    NAME,
    column("Holder", Cell::Text("/spec/holderIdentity")),
    AGE,
];

const CREATED: &[Column] = &[NAME, column("Created At", Cell::Created)];

const OTHERS: &[Column] = &[NAME, AGE];

const SCALES: &[Column] = &[
    column("Name", Cell::Text("/metadata/name")),
    column("Desired", Cell::Integer("/spec/replicas")),
    column("Available", Cell::Integer("/status/replicas")),
    AGE,
];

/// The columns of a kind; name and age for a kind that has no table of its own here.
pub(super) fn columns(group: &str, plural: &str) -> &'static [Column] {
    match (group, plural) {
        ("", "configmaps") => CONFIG_MAPS,
        ("", "events") => events::COLUMNS,
        ("events.k8s.io", "events") => events::NEW_COLUMNS,
        ("", "namespaces") => NAMESPACES,
        ("", "nodes") => nodes::COLUMNS,
        ("", "pods") => pods::COLUMNS,
        ("", "replicationcontrollers") | ("apps", "replicasets") => REPLICA_SETS,
        ("", "secrets") => SECRETS,
        ("", "serviceaccounts") => SERVICE_ACCOUNTS,
        ("", "services") => services::COLUMNS,
        ("apps", "daemonsets") => DAEMON_SETS,
        ("apps", "deployments") => DEPLOYMENTS,
        ("apps", "statefulsets") => STATEFUL_SETS,
        ("certificates.k8s.io", "certificatesigningrequests") => access::SIGNING_REQUESTS,
        ("batch", "cronjobs") => jobs::CRON_COLUMNS,
        ("batch", "jobs") => jobs::COLUMNS,
        ("coordination.k8s.io", "leases") => LEASES,
        ("rbac.authorization.k8s.io", "clusterrolebindings" | "rolebindings") => access::BINDINGS,
        ("apiextensions.k8s.io", _) | ("rbac.authorization.k8s.io", "clusterroles" | "roles") => {
            CREATED
        }
        _ => OTHERS,
    }
}

/// The columns of what subresources answer.
pub(super) fn subresource_columns(types: &Types) -> &'static [Column] {
    match types.kind() {
        "Scale" => SCALES,
        _ => OTHERS,
    }
}

impl Column {
    pub(super) fn definition(&self) -> ColumnDefinition<'_> {
        let name = ColumnDefinition::name();
        match self.cell {
            Cell::Name => ColumnDefinition {
                priority: self.priority,
                ..name
            },
            _ => ColumnDefinition {
                name: self.name,
                value_type: self.value_type,
                format: "",
                description: String::new(),
                priority: self.priority,
            },
        }
    }

    pub(super) fn cell(&self, object: &Value, now: Timestamp) -> Value {
        match self.cell {
            Cell::Name => text(object, "/metadata/name").into(),
            Cell::Age => date(text(object, "/metadata/creationTimestamp"), now).into(),
            Cell::Created => text(object, "/metadata/creationTimestamp").into(),
            Cell::Text(pointer) => text(object, pointer).into(),
            Cell::Integer(pointer) => integer(object, pointer).into(),
            Cell::Made(make) => make(object),
            Cell::Timed(make) => make(object, now),
        }
    }
}

fn containers(object: &Value, pointer: &str) -> Value {
    joined(object, "/spec/template/spec/containers", pointer).into()
}

fn ready(object: &Value) -> Value {
    let wanted = integer(object, "/spec/replicas");
    format!("{}/{wanted}", integer(object, "/status/readyReplicas")).into()
}
