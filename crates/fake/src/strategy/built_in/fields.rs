//! The selectable fields of built-in kinds.

use super::super::SelectableField;

/// Fields by `group/plural`; a field is selected by its path unless [`ELSEWHERE`] says otherwise.
const FIELDS: &[(&str, &[&str])] = &[
    (
        "/events",
        &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
    ),
    (
        "events.k8s.io/events",
        &[
            "regarding.kind",
            "regarding.namespace",
            "regarding.name",
            "regarding.uid",
            "regarding.apiVersion",
            "regarding.resourceVersion",
            "regarding.fieldPath",
            "reason",
            "reportingController",
            "type",
        ],
    ),
    ("/namespaces", &["status.phase"]),
    ("/nodes", &["spec.unschedulable"]),
    (
        "/pods",
        &[
            "spec.hostNetwork",
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "status.nominatedNodeName",
            "status.phase",
            "status.podIP",
            "status.podIPs",
        ],
    ),
    ("/replicationcontrollers", &["status.replicas"]),
    ("/secrets", &["type"]),
    ("/services", &["spec.clusterIP", "spec.type"]),
    ("apps/replicasets", &["status.replicas"]),
    ("batch/jobs", &["status.successful"]),
    (
        "certificates.k8s.io/certificatesigningrequests",
        &["spec.signerName"],
    ),
    (
        "certificates.k8s.io/clustertrustbundles",
        &["spec.signerName"],
    ),
    (
        "certificates.k8s.io/podcertificaterequests",
        &["spec.signerName", "spec.podName", "spec.nodeName"],
    ),
    (
        "resource.k8s.io/resourceslices",
        &["spec.nodeName", "spec.driver"],
    ),
];

/// Where a selectable field is when not at its own path.
const ELSEWHERE: &[(&str, &[&str])] = &[
    ("source", &["source.component", "reportingComponent"]),
    ("status.successful", &["status.succeeded"]),
];

/// What objects without a value are selected by.
const DEFAULTS: &[(&str, &str)] = &[
    ("spec.hostNetwork", "false"),
    ("spec.unschedulable", "false"),
    ("status.replicas", "0"),
    ("status.successful", "0"),
];

/// The fields of a kind, beside those that every kind has.
pub(super) fn of(key: &str) -> Vec<SelectableField> {
    let fields = FIELDS.iter().find(|(kind, _)| *kind == key);
    let fields = fields.map_or(&[][..], |(_, fields)| fields);
    fields.iter().map(|label| field(label)).collect()
}

fn field(label: &str) -> SelectableField {
    let mut field = SelectableField::new(label);
    if let Some((_, paths)) = ELSEWHERE.iter().find(|(known, _)| *known == label) {
        let split = |path: &&str| path.split('.').map(str::to_owned).collect();
        field.paths = paths.iter().map(split).collect();
    }
    if let Some((_, default)) = DEFAULTS.iter().find(|(known, _)| *known == label) {
        field.default = (*default).to_owned();
    }
    field
}
