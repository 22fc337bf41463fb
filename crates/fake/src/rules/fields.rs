//! The table of rules of single fields.

use super::rule::Rule::{self, *};
use crate::strategy::NameRule::{Label, Label1035, Subdomain};

const NEEDED: Rule = Required("");
const COUNT: Rule = AtLeast(0);

/// The rules of the fields of a type.
pub(super) fn of(name: &str) -> &'static [(&'static str, Rule)] {
    let rules = RULES.iter().find(|(known, _)| *known == name);
    rules.map_or(&[], |(_, rules)| rules)
}

type Rules = &'static [(&'static str, Rule)];

const RULES: &[(&str, Rules)] = &[
    (
        "io.k8s.api.apps.v1.DaemonSetSpec",
        &[("minReadySeconds", COUNT), ("revisionHistoryLimit", COUNT)],
    ),
    (
        "io.k8s.api.apps.v1.DeploymentSpec",
        &[
            ("replicas", COUNT),
            ("minReadySeconds", COUNT),
            ("revisionHistoryLimit", COUNT),
            ("progressDeadlineSeconds", COUNT),
        ],
    ),
    (
        "io.k8s.api.apps.v1.ReplicaSetSpec",
        &[("replicas", COUNT), ("minReadySeconds", COUNT)],
    ),
    (
        "io.k8s.api.apps.v1.RollingUpdateDaemonSet",
        &[("maxUnavailable", Share), ("maxSurge", Share)],
    ),
    (
        "io.k8s.api.apps.v1.RollingUpdateDeployment",
        &[("maxUnavailable", Share), ("maxSurge", Share)],
    ),
    (
        "io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy",
        &[("partition", COUNT), ("maxUnavailable", Share)],
    ),
    (
        "io.k8s.api.apps.v1.StatefulSetSpec",
        &[
            ("replicas", COUNT),
            ("minReadySeconds", COUNT),
            ("revisionHistoryLimit", COUNT),
        ],
    ),
    (
        "io.k8s.api.autoscaling.v1.CrossVersionObjectReference",
        &[("kind", NEEDED), ("name", NEEDED)],
    ),
    (
        "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec",
        &[
            ("minReplicas", AtLeast(1)),
            ("maxReplicas", AtLeast(1)),
            ("targetCPUUtilizationPercentage", AtLeast(1)),
        ],
    ),
    (
        "io.k8s.api.autoscaling.v2.CrossVersionObjectReference",
        &[("kind", NEEDED), ("name", NEEDED)],
    ),
    (
        "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec",
        &[("minReplicas", AtLeast(1)), ("maxReplicas", AtLeast(1))],
    ),
    (
        "io.k8s.api.autoscaling.v2.MetricSpec",
        &[
            ("type", Required("must specify a metric source type")),
            (
                "type",
                OneOf(&[
                    "ContainerResource",
                    "External",
                    "Object",
                    "Pods",
                    "Resource",
                ]),
            ),
        ],
    ),
    (
        "io.k8s.api.batch.v1.CronJobSpec",
        &[
            ("schedule", NEEDED),
            ("concurrencyPolicy", NEEDED),
            ("startingDeadlineSeconds", COUNT),
            ("successfulJobsHistoryLimit", COUNT),
            ("failedJobsHistoryLimit", COUNT),
        ],
    ),
    (
        "io.k8s.api.batch.v1.JobSpec",
        &[
            ("parallelism", COUNT),
            ("completions", COUNT),
            ("activeDeadlineSeconds", COUNT),
            ("backoffLimit", COUNT),
            ("backoffLimitPerIndex", COUNT),
            ("maxFailedIndexes", COUNT),
            ("ttlSecondsAfterFinished", COUNT),
        ],
    ),
    (
        "io.k8s.api.core.v1.ConfigMapKeySelector",
        &[("key", NEEDED)],
    ),
    (
        "io.k8s.api.core.v1.Container",
        &[
            ("name", NEEDED),
            ("name", Name(Label)),
            ("image", NEEDED),
            ("terminationMessagePolicy", NEEDED),
        ],
    ),
    (
        "io.k8s.api.core.v1.ContainerPort",
        &[("name", PortName), ("hostPort", Port)],
    ),
    (
        "io.k8s.api.core.v1.EphemeralContainer",
        &[("name", NEEDED), ("name", Name(Label)), ("image", NEEDED)],
    ),
    ("io.k8s.api.core.v1.ExecAction", &[("command", NEEDED)]),
    ("io.k8s.api.core.v1.GRPCAction", &[("port", Port)]),
    (
        "io.k8s.api.core.v1.HTTPGetAction",
        &[("path", NEEDED), ("port", PortOrName)],
    ),
    ("io.k8s.api.core.v1.HTTPHeader", &[("name", NEEDED)]),
    (
        "io.k8s.api.core.v1.HostPathVolumeSource",
        &[("path", NEEDED)],
    ),
    (
        "io.k8s.api.core.v1.KeyToPath",
        &[
            ("key", NEEDED),
            ("path", NEEDED),
            ("mode", Within(0, 0o777)),
        ],
    ),
    (
        "io.k8s.api.core.v1.NFSVolumeSource",
        &[
            ("server", NEEDED),
            ("path", NEEDED),
            ("path", BeginsWith("/", "must be an absolute path")),
        ],
    ),
    (
        "io.k8s.api.core.v1.NodeSelectorRequirement",
        &[("key", NEEDED), ("key", Key)],
    ),
    (
        "io.k8s.api.core.v1.ObjectFieldSelector",
        &[("apiVersion", NEEDED), ("fieldPath", NEEDED)],
    ),
    (
        "io.k8s.api.core.v1.PersistentVolumeClaimSpec",
        &[(
            "accessModes",
            Required("at least 1 access mode is required"),
        )],
    ),
    (
        "io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource",
        &[("claimName", NEEDED)],
    ),
    (
        "io.k8s.api.core.v1.PersistentVolumeSpec",
        &[("accessModes", NEEDED), ("capacity", NEEDED)],
    ),
    (
        "io.k8s.api.core.v1.PodAffinityTerm",
        &[
            ("topologyKey", Required("can not be empty")),
            ("topologyKey", Key),
        ],
    ),
    (
        "io.k8s.api.core.v1.PodReadinessGate",
        &[("conditionType", Key)],
    ),
    (
        "io.k8s.api.core.v1.PodSecurityContext",
        &[
            ("runAsUser", Within(0, 2_147_483_647)),
            ("runAsGroup", Within(0, 2_147_483_647)),
            ("fsGroup", Within(0, 2_147_483_647)),
        ],
    ),
    (
        "io.k8s.api.core.v1.PodSpec",
        &[
            ("containers", NEEDED),
            ("restartPolicy", NEEDED),
            ("activeDeadlineSeconds", Within(1, 2_147_483_647)),
            ("terminationGracePeriodSeconds", COUNT),
            ("nodeSelector", Labels),
            ("nodeName", Name(Subdomain)),
            ("serviceAccountName", Name(Subdomain)),
            ("hostname", Name(Label)),
            ("subdomain", Name(Label)),
            ("priorityClassName", Name(Subdomain)),
            ("runtimeClassName", Name(Subdomain)),
            ("schedulingGates", UniqueBy("name")),
        ],
    ),
    (
        "io.k8s.api.core.v1.PreferredSchedulingTerm",
        &[("weight", Within(1, 100))],
    ),
    (
        "io.k8s.api.core.v1.Probe",
        &[
            ("initialDelaySeconds", COUNT),
            ("timeoutSeconds", COUNT),
            ("periodSeconds", COUNT),
            ("successThreshold", COUNT),
            ("failureThreshold", COUNT),
        ],
    ),
    (
        "io.k8s.api.core.v1.ReplicationControllerSpec",
        &[
            ("replicas", COUNT),
            ("minReadySeconds", COUNT),
            ("selector", NEEDED),
            ("template", NEEDED),
        ],
    ),
    ("io.k8s.api.core.v1.SecretKeySelector", &[("key", NEEDED)]),
    (
        "io.k8s.api.core.v1.SecretVolumeSource",
        &[("secretName", NEEDED)],
    ),
    (
        "io.k8s.api.core.v1.SecurityContext",
        &[
            ("runAsUser", Within(0, 2_147_483_647)),
            ("runAsGroup", Within(0, 2_147_483_647)),
        ],
    ),
    (
        "io.k8s.api.core.v1.ServicePort",
        &[
            ("name", Name(Label)),
            ("port", Within(1, 65535)),
            ("targetPort", PortOrName),
        ],
    ),
    (
        "io.k8s.api.core.v1.ServiceSpec",
        &[
            ("selector", Labels),
            ("sessionAffinity", NEEDED),
            ("type", NEEDED),
        ],
    ),
    (
        "io.k8s.api.core.v1.TCPSocketAction",
        &[("port", PortOrName)],
    ),
    (
        "io.k8s.api.core.v1.TopologySpreadConstraint",
        &[
            ("maxSkew", AtLeast(1)),
            ("topologyKey", Required("can not be empty")),
            ("topologyKey", Key),
            ("whenUnsatisfiable", NEEDED),
            ("minDomains", AtLeast(1)),
        ],
    ),
    (
        "io.k8s.api.core.v1.Volume",
        &[("name", NEEDED), ("name", Name(Label))],
    ),
    (
        "io.k8s.api.core.v1.VolumeDevice",
        &[("name", NEEDED), ("devicePath", NEEDED)],
    ),
    (
        "io.k8s.api.core.v1.VolumeMount",
        &[("name", NEEDED), ("mountPath", NEEDED)],
    ),
    (
        "io.k8s.api.core.v1.WeightedPodAffinityTerm",
        &[("weight", Within(1, 100))],
    ),
    (
        "io.k8s.api.discovery.v1.Endpoint",
        &[("addresses", Required("must contain at least 1 address"))],
    ),
    (
        "io.k8s.api.discovery.v1.EndpointSlice",
        &[("addressType", NEEDED)],
    ),
    (
        "io.k8s.api.networking.v1.HTTPIngressPath",
        &[("pathType", Required("pathType must be specified"))],
    ),
    (
        "io.k8s.api.networking.v1.HTTPIngressRuleValue",
        &[("paths", NEEDED)],
    ),
    (
        "io.k8s.api.networking.v1.IPBlock",
        &[("cidr", NEEDED), ("cidr", Cidr)],
    ),
    (
        "io.k8s.api.networking.v1.IngressServiceBackend",
        &[("name", NEEDED), ("name", Name(Label1035))],
    ),
    (
        "io.k8s.api.networking.v1.NetworkPolicyPort",
        &[("port", PortOrName)],
    ),
    (
        "io.k8s.api.networking.v1.ServiceBackendPort",
        &[("name", PortName), ("number", Port)],
    ),
    (
        "io.k8s.api.policy.v1.PodDisruptionBudgetSpec",
        &[("minAvailable", Share), ("maxUnavailable", Share)],
    ),
    (
        "io.k8s.api.storage.v1.StorageClass",
        &[("provisioner", NEEDED), ("reclaimPolicy", NEEDED)],
    ),
    (
        "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement",
        &[("key", Key)],
    ),
    (
        "io.k8s.api.core.v1.HostAlias",
        &[("ip", NEEDED), ("ip", Ip)],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_type_is_in_the_table_twice() {
        let mut names: Vec<_> = RULES.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
