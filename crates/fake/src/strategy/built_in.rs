//! The facts of built-in kinds.

mod fields;
mod status;

use super::{DeleteAnswer, Deletion, Generation, InitialStatus, NameRule, Strategy, UnknownField};
use crate::kinds::{
    access_rules, certificate_request, config_map, event, job, lease, node, pod, secret, service,
};
use crate::request::Propagation;

/// Kinds whose generation the server moves, as `group/plural`.
const MANAGED_GENERATION: &[&str] = &[
    "/podtemplates",
    "/pods",
    "/replicationcontrollers",
    "admissionregistration.k8s.io/mutatingadmissionpolicies",
    "admissionregistration.k8s.io/mutatingadmissionpolicybindings",
    "admissionregistration.k8s.io/mutatingwebhookconfigurations",
    "admissionregistration.k8s.io/validatingadmissionpolicies",
    "admissionregistration.k8s.io/validatingadmissionpolicybindings",
    "admissionregistration.k8s.io/validatingwebhookconfigurations",
    "apiextensions.k8s.io/customresourcedefinitions",
    "apps/daemonsets",
    "apps/replicasets",
    "apps/statefulsets",
    "batch/cronjobs",
    "batch/jobs",
    "flowcontrol.apiserver.k8s.io/flowschemas",
    "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations",
    "networking.k8s.io/ingressclasses",
    "networking.k8s.io/ingresses",
    "networking.k8s.io/networkpolicies",
    "policy/poddisruptionbudgets",
    "resource.k8s.io/deviceclasses",
    "resource.k8s.io/resourceslices",
    "scheduling.k8s.io/priorityclasses",
];

/// Kinds whose deletion is answered with the object.
const DELETE_ANSWERS_OBJECT: &[&str] = &[
    "/namespaces",
    "/persistentvolumeclaims",
    "/persistentvolumes",
    "/pods",
    "/podtemplates",
    "/resourcequotas",
    "/serviceaccounts",
    "/services",
    "storage.k8s.io/csidrivers",
    "storage.k8s.io/storageclasses",
];

/// Kinds whose updates must say which version they are based on.
const CONDITIONAL_UPDATE: &[&str] = &[
    "apiextensions.k8s.io/customresourcedefinitions",
    "coordination.k8s.io/leases",
    "policy/poddisruptionbudgets",
];

/// Kinds that an update creates.
const CREATE_ON_UPDATE: &[&str] = &[
    "/endpoints",
    "/events",
    "coordination.k8s.io/leases",
    "events.k8s.io/events",
];

/// Kinds whose names can be anything that fits into a path.
const PATH_SEGMENT_NAMES: &[&str] = &[
    "rbac.authorization.k8s.io/clusterrolebindings",
    "rbac.authorization.k8s.io/clusterroles",
    "rbac.authorization.k8s.io/rolebindings",
    "rbac.authorization.k8s.io/roles",
];

const JOB_DELETE_WARNING: &str = "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to \
     remove them or set propagationPolicy=Orphan to suppress this warning";

impl Strategy {
    /// The facts of a built-in kind.
    pub(crate) fn of_built_in(group: &str, plural: &str) -> Strategy {
        let key = format!("{group}/{plural}");
        let listed = |table: &[&str]| table.contains(&key.as_str());
        let fields = fields::of(&key);
        let strategy = Strategy {
            generation: generation(&key),
            delete_answer: if listed(DELETE_ANSWERS_OBJECT) {
                DeleteAnswer::Object
            } else {
                DeleteAnswer::Status
            },
            unconditional_update: !listed(CONDITIONAL_UPDATE),
            create_on_update: listed(CREATE_ON_UPDATE),
            names: if listed(PATH_SEGMENT_NAMES) {
                NameRule::PathSegment
            } else {
                NameRule::Subdomain
            },
            unknown_field: if fields.is_empty() {
                UnknownField::OnlyGeneric
            } else {
                UnknownField::NotSupported
            },
            fields,
            status_update: status::update_of(&key),
            ..Strategy::default()
        };
        strategy.peculiar_to(&key)
    }

    /// What no other kind has.
    fn peculiar_to(self, key: &str) -> Strategy {
        match key {
            "/namespaces" => Strategy {
                names: NameRule::Label,
                deletion: Deletion::Finalized,
                initial_status: InitialStatus::Fixed(r#"{"phase":"Active"}"#),
                convert: Some(crate::namespaces::add_label),
                hook: Some(crate::namespaces::prepare),
                deletion_hook: Some(crate::namespaces::begin_deletion),
                ..self
            },
            "apiextensions.k8s.io/customresourcedefinitions" => Strategy {
                hook: Some(crate::crd::complete_and_check),
                deletion_hook: Some(crate::crd::begin_deletion),
                ..self
            },
            "certificates.k8s.io/certificatesigningrequests" => Strategy {
                names: NameRule::PathSegment,
                hook: Some(certificate_request::prepare),
                ..self
            },
            "rbac.authorization.k8s.io/roles" => Strategy {
                hook: Some(access_rules::prepare_role),
                ..self
            },
            "rbac.authorization.k8s.io/clusterroles" => Strategy {
                hook: Some(access_rules::prepare_cluster_role),
                ..self
            },
            "rbac.authorization.k8s.io/rolebindings" => Strategy {
                hook: Some(access_rules::prepare_role_binding),
                ..self
            },
            "rbac.authorization.k8s.io/clusterrolebindings" => Strategy {
                hook: Some(access_rules::prepare_cluster_role_binding),
                ..self
            },
            "/configmaps" => Strategy {
                hook: Some(config_map::prepare),
                ..self
            },
            "/events" => Strategy {
                hook: Some(event::check_core),
                ..self
            },
            "events.k8s.io/events" => Strategy {
                hook: Some(event::check_new),
                ..self
            },
            "/secrets" => Strategy {
                convert: Some(secret::take_string_data),
                hook: Some(secret::prepare),
                ..self
            },
            "coordination.k8s.io/leases" => Strategy {
                hook: Some(lease::prepare),
                ..self
            },
            "/nodes" => Strategy {
                hook: Some(node::prepare),
                initial_status: InitialStatus::Authored,
                ..self
            },
            "/persistentvolumeclaims" => Strategy {
                initial_status: InitialStatus::Fixed(r#"{"phase":"Pending"}"#),
                finalizer: Some("kubernetes.io/pvc-protection"),
                ..self
            },
            "/persistentvolumes" => Strategy {
                initial_status: InitialStatus::Fixed(r#"{"phase":"Pending"}"#),
                finalizer: Some("kubernetes.io/pv-protection"),
                ..self
            },
            "/pods" => Strategy {
                deletion: Deletion::Graceful,
                hook: Some(pod::prepare),
                initial_status: InitialStatus::Fixed(r#"{"phase":"Pending"}"#),
                ..self
            },
            "/replicationcontrollers" => Strategy {
                default_propagation: Propagation::Orphan,
                ..self
            },
            "/services" => Strategy {
                names: NameRule::Label1035,
                hook: Some(service::prepare),
                ..self
            },
            "batch/jobs" => Strategy {
                default_propagation: Propagation::Orphan,
                delete_warning: Some(JOB_DELETE_WARNING),
                hook: Some(job::prepare),
                ..self
            },
            _ => self,
        }
    }
}

fn generation(key: &str) -> Generation {
    match key {
        "apps/deployments" => Generation::Managed {
            metadata: &["annotations"],
        },
        "discovery.k8s.io/endpointslices" => Generation::Managed {
            metadata: &["labels"],
        },
        key if MANAGED_GENERATION.contains(&key) => Generation::Managed { metadata: &[] },
        _ => Generation::Authored,
    }
}
