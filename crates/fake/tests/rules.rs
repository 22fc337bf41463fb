//! The rules of built-in kinds: what is filled in, what is refused and why, and what cannot change.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use kubekit_fake::ApiServer;
use serde_json::{Value, json};
use support::{Answer, get, merge, post, put};

const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/default/deployments";
const JOBS: &str = "/apis/batch/v1/namespaces/default/jobs";
const PODS: &str = "/api/v1/namespaces/default/pods";
const SERVICES: &str = "/api/v1/namespaces/default/services";

/// The causes of a 422 as reason and field.
fn causes(answer: &Answer) -> Vec<(&str, &str)> {
    assert_eq!(answer.code, 422, "{}", answer.body);
    let causes = answer.body["details"]["causes"].as_array().unwrap();
    causes
        .iter()
        .map(|cause| {
            (
                cause["reason"].as_str().unwrap(),
                cause["field"].as_str().unwrap(),
            )
        })
        .collect()
}

fn pod(spec: Value) -> Value {
    json!({"metadata": {"name": "p"}, "spec": spec})
}

fn job(spec: Value) -> Value {
    json!({"metadata": {"name": "j"}, "spec": spec})
}

fn job_template(image: &str) -> Value {
    json!({"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": image}]}})
}

async fn created(server: &ApiServer, path: &str, body: Value) -> Value {
    let answer = post(server, path, body).await;
    assert_eq!(answer.code, 201, "{}", answer.body);
    answer.body
}

#[tokio::test]
async fn every_fault_of_a_pod_is_a_cause() {
    let server = ApiServer::new();
    let body = pod(json!({
        "restartPolicy": "Sometimes",
        "volumes": [{"name": "v"}, {"name": "v"}],
        "containers": [
            {"name": "A", "image": ""},
            {"name": "c", "image": "i", "ports": [{"containerPort": 0}], "env": [{"name": ""}]},
            {"name": "c", "image": "i", "volumeMounts": [{"name": "none", "mountPath": "/x"}]},
            {"name": "d", "image": "i", "livenessProbe": {}},
            {"name": "e", "image": "i", "resources": {"limits": {"cpu": "1"}, "requests": {"cpu": "1100m"}}},
        ],
    }));
    let answer = post(&server, PODS, body).await;
    let mut found = causes(&answer);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("FieldValueDuplicate", "spec.containers[2].name"),
            ("FieldValueDuplicate", "spec.volumes[1].name"),
            ("FieldValueInvalid", "spec.containers[0].name"),
            ("FieldValueInvalid", "spec.containers[4].resources.requests"),
            (
                "FieldValueNotFound",
                "spec.containers[2].volumeMounts[0].name"
            ),
            ("FieldValueNotSupported", "spec.restartPolicy"),
            ("FieldValueRequired", "spec.containers[0].image"),
            ("FieldValueRequired", "spec.containers[1].env[0].name"),
            (
                "FieldValueRequired",
                "spec.containers[1].ports[0].containerPort"
            ),
            ("FieldValueRequired", "spec.containers[3].livenessProbe"),
        ]
    );
}

#[tokio::test]
async fn values_that_cannot_be_decoded_are_named_by_type_and_field() {
    let server = ApiServer::new();
    let body = json!({"metadata": {"name": "d"}, "spec": {"replicas": "x"}});
    let answer = post(&server, DEPLOYMENTS, body).await;
    assert_eq!(answer.code, 400);
    assert_eq!(
        answer.body["message"],
        "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field \
         DeploymentSpec.spec.replicas of type int32"
    );
    let requests = json!({"requests": {"cpu": "lots"}});
    let body = pod(json!({"containers": [{"name": "c", "image": "i", "resources": requests}]}));
    assert_eq!(post(&server, PODS, body).await.code, 400);
}

#[tokio::test]
async fn what_says_nothing_is_left_out_and_quantities_are_written_in_one_way() {
    let server = ApiServer::new();
    let resources = json!({"requests": {"cpu": 0.1, "memory": "1024Mi"}, "limits": {}});
    let body = pod(json!({
        "hostNetwork": false,
        "nodeSelector": {},
        "enableServiceLinks": false,
        "containers": [{"name": "c", "image": "i", "args": [], "tty": false, "resources": resources}],
    }));
    let created = created(&server, PODS, body).await;
    let spec = &created["spec"];
    assert!(spec.get("hostNetwork").is_none() && spec.get("nodeSelector").is_none());
    assert_eq!(spec["enableServiceLinks"], false);
    let container = &spec["containers"][0];
    assert!(container.get("args").is_none() && container.get("tty").is_none());
    let requests = json!({"requests": {"cpu": "100m", "memory": "1Gi"}});
    assert_eq!(container["resources"], requests);
}

#[tokio::test]
async fn of_a_pod_only_little_can_change() {
    let server = ApiServer::new();
    created(
        &server,
        PODS,
        pod(json!({"containers": [{"name": "c", "image": "i:1"}]})),
    )
    .await;
    let path = format!("{PODS}/p");
    let image = json!({"spec": {"containers": [{"name": "c", "image": "i:2"}]}});
    assert_eq!(merge(&server, &path, image).await.code, 200);
    let answer = merge(&server, &path, json!({"spec": {"hostname": "other"}})).await;
    assert_eq!(causes(&answer), [("FieldValueForbidden", "spec")]);
}

#[tokio::test]
async fn workloads_select_what_they_make_and_never_anything_else() {
    let server = ApiServer::new();
    let deployment = |selector: Value| {
        let containers = json!([{"name": "c", "image": "i"}]);
        let template =
            json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": containers}});
        json!({"metadata": {"name": "d"}, "spec": {"selector": selector, "template": template}})
    };
    let labels = ("FieldValueInvalid", "spec.template.metadata.labels");
    let answer = post(
        &server,
        DEPLOYMENTS,
        deployment(json!({"matchLabels": {"a": "c"}})),
    )
    .await;
    assert_eq!(causes(&answer), [labels]);
    let answer = post(&server, DEPLOYMENTS, deployment(Value::Null)).await;
    assert_eq!(
        causes(&answer),
        [("FieldValueRequired", "spec.selector"), labels]
    );
    created(
        &server,
        DEPLOYMENTS,
        deployment(json!({"matchLabels": {"a": "b"}})),
    )
    .await;

    let path = format!("{DEPLOYMENTS}/d");
    let patch = json!({"spec": {
        "selector": {"matchLabels": {"a": "x"}},
        "template": {"metadata": {"labels": {"a": "x"}}},
    }});
    let answer = merge(&server, &path, patch).await;
    assert_eq!(causes(&answer), [("FieldValueInvalid", "spec.selector")]);
}

#[tokio::test]
async fn services_are_given_addresses_and_ports_and_keep_them() {
    let server = ApiServer::new();
    let service = |name: &str, spec: Value| json!({"metadata": {"name": name}, "spec": spec});
    let ports = json!([{"port": 80}]);
    let first = created(&server, SERVICES, service("a", json!({"ports": ports}))).await;
    let second = created(
        &server,
        SERVICES,
        service("b", json!({"type": "NodePort", "ports": ports})),
    )
    .await;
    let address = first["spec"]["clusterIP"].as_str().unwrap();
    assert_ne!(first["spec"]["clusterIP"], second["spec"]["clusterIP"]);
    assert_eq!(first["spec"]["clusterIPs"], json!([address]));
    let number = second["spec"]["ports"][0]["nodePort"].as_i64().unwrap();
    assert!((30000..=32767).contains(&number));

    let path = format!("{SERVICES}/a");
    let replaced = put(
        &server,
        &path,
        service("a", json!({"ports": [{"port": 81}]})),
    )
    .await;
    assert_eq!(replaced.body["spec"]["clusterIP"], address);
    let answer = merge(
        &server,
        &path,
        json!({"spec": {"clusterIP": "10.0.200.200"}}),
    )
    .await;
    assert_eq!(
        causes(&answer),
        [("FieldValueInvalid", "spec.clusterIPs[0]")]
    );

    let taken = json!({"type": "NodePort", "ports": [{"port": 80, "nodePort": number}]});
    let answer = post(&server, SERVICES, service("c", taken)).await;
    assert_eq!(
        causes(&answer),
        [("FieldValueInvalid", "spec.ports[0].nodePort")]
    );
    let taken = json!({"clusterIP": address, "ports": ports});
    let answer = post(&server, SERVICES, service("c", taken)).await;
    assert_eq!(causes(&answer), [("FieldValueInvalid", "spec.clusterIPs")]);
}

#[tokio::test]
async fn a_service_loses_what_its_new_type_does_not_have() {
    let server = ApiServer::new();
    let spec =
        json!({"type": "LoadBalancer", "externalTrafficPolicy": "Local", "ports": [{"port": 80}]});
    let body = created(
        &server,
        SERVICES,
        json!({"metadata": {"name": "a"}, "spec": spec}),
    )
    .await;
    assert!(body["spec"]["healthCheckNodePort"].is_i64());
    let path = format!("{SERVICES}/a");
    let body = merge(&server, &path, json!({"spec": {"type": "ClusterIP"}}))
        .await
        .body;
    for gone in [
        "healthCheckNodePort",
        "externalTrafficPolicy",
        "allocateLoadBalancerNodePorts",
    ] {
        assert!(body["spec"].get(gone).is_none(), "{gone}: {body}");
    }
    assert!(body["spec"]["ports"][0].get("nodePort").is_none());
    let name =
        json!({"spec": {"type": "ExternalName", "externalName": "db.example.com", "ports": null}});
    let body = merge(&server, &path, name).await.body;
    let spec = json!({"type": "ExternalName", "externalName": "db.example.com", "sessionAffinity": "None"});
    assert_eq!(body["spec"], spec);
}

#[tokio::test]
async fn jobs_select_the_pods_they_make() {
    let server = ApiServer::new();
    let body = created(&server, JOBS, job(json!({"template": job_template("i")}))).await;
    let uid = &body["metadata"]["uid"];
    let labels = json!({
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": "j",
        "controller-uid": uid,
        "job-name": "j",
    });
    assert_eq!(body["spec"]["template"]["metadata"]["labels"], labels);
    assert_eq!(body["metadata"]["labels"], labels);
    let selector = json!({"matchLabels": {"batch.kubernetes.io/controller-uid": uid}});
    assert_eq!(body["spec"]["selector"], selector);

    let path = format!("{JOBS}/j");
    let answer = merge(&server, &path, json!({"spec": {"completions": 5}})).await;
    assert_eq!(causes(&answer), [("FieldValueInvalid", "spec.completions")]);
    let answer = merge(
        &server,
        &path,
        json!({"spec": {"suspend": true, "parallelism": 3}}),
    )
    .await;
    assert_eq!(answer.code, 200);
}

#[tokio::test]
async fn cron_jobs_have_schedules() {
    let server = ApiServer::new();
    let path = "/apis/batch/v1/namespaces/default/cronjobs";
    let cron = |schedule: &str| {
        let template = json!({"spec": {"template": job_template("i")}});
        json!({"metadata": {"name": "c"}, "spec": {"schedule": schedule, "jobTemplate": template}})
    };
    let answer = post(&server, path, cron("often")).await;
    assert_eq!(causes(&answer), [("FieldValueInvalid", "spec.schedule")]);
    created(&server, path, cron("*/5 * * * *")).await;
}

#[tokio::test]
async fn nodes_begin_tainted_and_keep_their_provider() {
    let server = ApiServer::new();
    let status = json!({"capacity": {"cpu": "4"}});
    let node = created(
        &server,
        "/api/v1/nodes",
        json!({"metadata": {"name": "n"}, "status": status}),
    )
    .await;
    let taint = json!([{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}]);
    assert_eq!(node["spec"]["taints"], taint);
    assert_eq!(node["status"]["allocatable"], status["capacity"]);
    let path = "/api/v1/nodes/n";
    for (id, code) in [("p://1", 200), ("p://2", 422)] {
        let answer = merge(&server, path, json!({"spec": {"providerID": id}})).await;
        assert_eq!(answer.code, code);
    }
    assert_eq!(get(&server, path).await.body["spec"]["providerID"], "p://1");
}
