//! Which types have rules about several fields at once.

use super::{
    autoscaling, batch, budgets, containers, env, networking, pod_spec, probes, resources,
    selectors, storage, volumes, workloads,
};
use crate::failure::FieldErrors;
use crate::schema::Typed;

/// Types whose enumerated texts are checked elsewhere, or by nobody.
pub(super) const CHOOSE_THEMSELVES: &[&str] = &[
    "io.k8s.api.core.v1.Taint",
    "io.k8s.api.core.v1.ImageVolumeSource",
];

/// Checks an object of a type.
type Check = fn(Typed<'_>, &mut FieldErrors);

/// What checks the objects of a type.
pub(super) fn of(name: &str) -> Option<Check> {
    let check = CHECKS.iter().find(|(known, _)| *known == name);
    check.map(|(_, check)| *check)
}

const CHECKS: &[(&str, Check)] = &[
    ("io.k8s.api.apps.v1.DaemonSet", workloads::daemon_set),
    ("io.k8s.api.apps.v1.Deployment", workloads::deployment),
    ("io.k8s.api.apps.v1.DeploymentStrategy", workloads::strategy),
    ("io.k8s.api.apps.v1.ReplicaSet", workloads::replica_set),
    (
        "io.k8s.api.apps.v1.RollingUpdateDeployment",
        workloads::rolling_update,
    ),
    ("io.k8s.api.apps.v1.StatefulSet", workloads::stateful_set),
    (
        "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec",
        autoscaling::spec,
    ),
    (
        "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec",
        autoscaling::spec,
    ),
    ("io.k8s.api.batch.v1.CronJob", batch::cron_job),
    ("io.k8s.api.batch.v1.JobSpec", batch::job_spec),
    ("io.k8s.api.core.v1.Container", containers::container),
    ("io.k8s.api.core.v1.ContainerPort", containers::port),
    ("io.k8s.api.core.v1.EnvVar", env::variable),
    ("io.k8s.api.core.v1.Lifecycle", probes::lifecycle),
    (
        "io.k8s.api.core.v1.PersistentVolumeClaimSpec",
        storage::claim,
    ),
    ("io.k8s.api.core.v1.PersistentVolumeSpec", storage::volume),
    ("io.k8s.api.core.v1.PodSpec", pod_spec::check),
    ("io.k8s.api.core.v1.PodTemplateSpec", workloads::template),
    ("io.k8s.api.core.v1.Probe", probes::probe),
    (
        "io.k8s.api.core.v1.ReplicationController",
        workloads::replication_controller,
    ),
    (
        "io.k8s.api.core.v1.ResourceRequirements",
        resources::requirements,
    ),
    ("io.k8s.api.core.v1.Toleration", pod_spec::toleration),
    ("io.k8s.api.core.v1.Volume", volumes::volume),
    (
        "io.k8s.api.networking.v1.HTTPIngressPath",
        networking::ingress_path,
    ),
    (
        "io.k8s.api.networking.v1.IngressBackend",
        networking::ingress_backend,
    ),
    (
        "io.k8s.api.networking.v1.IngressSpec",
        networking::ingress_spec,
    ),
    (
        "io.k8s.api.networking.v1.NetworkPolicyPeer",
        networking::policy_peer,
    ),
    (
        "io.k8s.api.networking.v1.NetworkPolicyPort",
        networking::policy_port,
    ),
    (
        "io.k8s.api.policy.v1.PodDisruptionBudgetSpec",
        budgets::spec,
    ),
    (
        "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement",
        selectors::requirement,
    ),
    (
        "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector",
        selectors::selector,
    ),
];
