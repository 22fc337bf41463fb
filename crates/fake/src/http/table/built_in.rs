//! Columns of built-in kinds.

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

const NODES: &[Column] = &[
    NAME,
    made("Status", node_status),
    column("Age", Cell::Age),
    column("Version", Cell::Text("/status/nodeInfo/kubeletVersion")),
];

const SERVICE_ACCOUNTS: &[Column] = &[
    NAME,
    made("Secrets", |object| {
        elements(object, "/secrets").len().into()
    }),
    AGE,
];

const EVENTS: &[Column] = &[
    column("Last Seen", Cell::Timed(last_seen)),
    column("Type", Cell::Text("/type")),
    column("Reason", Cell::Text("/reason")),
    made("Object", involved),
    column("Message", Cell::Text("/message")),
    Column {
        priority: 1,
        ..NAME
    },
];

const DEPLOYMENTS: &[Column] = &[
    NAME,
    made("Ready", ready),
    column("Up-to-date", Cell::Integer("/status/updatedReplicas")),
    column("Available", Cell::Integer("/status/availableReplicas")),
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
        ("", "events") => EVENTS,
        ("", "namespaces") => NAMESPACES,
        ("", "nodes") => NODES,
        ("", "pods") => pods::COLUMNS,
        ("", "replicationcontrollers") | ("apps", "replicasets") => REPLICA_SETS,
        ("", "secrets") => SECRETS,
        ("", "serviceaccounts") => SERVICE_ACCOUNTS,
        ("", "services") => services::COLUMNS,
        ("apps", "daemonsets") => DAEMON_SETS,
        ("apps", "deployments") => DEPLOYMENTS,
        ("apps", "statefulsets") => STATEFUL_SETS,
        ("coordination.k8s.io", "leases") => LEASES,
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

fn node_status(object: &Value) -> Value {
    let ready = elements(object, "/status/conditions")
        .iter()
        .find(|condition| text(condition, "/type") == "Ready");
    let mut status = match ready.map(|condition| text(condition, "/status")) {
        Some("True") => "Ready".to_owned(),
        Some(_) => "NotReady".to_owned(),
        None => "Unknown".to_owned(),
    };
    if object.pointer("/spec/unschedulable") == Some(&Value::Bool(true)) {
        status.push_str(",SchedulingDisabled");
    }
    status.into()
}

fn last_seen(object: &Value, now: Timestamp) -> Value {
    let times = [
        "/lastTimestamp",
        "/series/lastObservedTime",
        "/eventTime",
        "/firstTimestamp",
    ];
    let last = times
        .iter()
        .map(|pointer| text(object, pointer))
        .find(|time| !time.is_empty());
    date(last.unwrap_or_default(), now).into()
}

fn involved(object: &Value) -> Value {
    let kind = text(object, "/involvedObject/kind").to_lowercase();
    match text(object, "/involvedObject/name") {
        "" => kind.into(),
        name => format!("{kind}/{name}").into(),
    }
}
