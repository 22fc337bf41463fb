//! Roles and bindings: what they allow, and who may write them.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use kubekit_fake::{ApiServer, AuthorizationMode, User};
use serde_json::{Value, json};
use support::{MAPS, delete, get, merge, post, put};

const CLUSTER: &str = "/apis/rbac.authorization.k8s.io/v1";
const HERE: &str = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";

fn server() -> ApiServer {
    ApiServer::builder()
        .authorization_mode(AuthorizationMode::Rbac)
        .build()
}

fn jane(server: &ApiServer) -> ApiServer {
    server.acting_as(User::new("jane").group("devs"))
}

async fn create(server: &ApiServer, path: &str, object: Value) {
    let answer = post(server, path, object).await;
    assert_eq!(answer.code, 201, "{}", answer.body);
}

fn role(name: &str, rules: Value) -> Value {
    json!({"metadata": {"name": name}, "rules": rules})
}

fn binding(name: &str, kind: &str, role: &str, subject: Value) -> Value {
    json!({"metadata": {"name": name}, "roleRef": {"kind": kind, "name": role}, "subjects": [subject]})
}

fn user(name: &str) -> Value {
    json!({"kind": "User", "name": name})
}

fn maps(verbs: &[&str]) -> Value {
    json!([{"apiGroups": [""], "resources": ["configmaps"], "verbs": verbs}])
}

#[tokio::test]
async fn a_binding_takes_effect_at_once_and_ends_at_once() {
    let server = server();
    let jane = jane(&server);
    create(
        &server,
        &format!("{HERE}/roles"),
        role("readers", maps(&["list"])),
    )
    .await;
    let bindings = format!("{HERE}/rolebindings");
    for subject in [user("jane"), json!({"kind": "Group", "name": "devs"})] {
        assert_eq!(get(&jane, MAPS).await.code, 403);
        create(&server, &bindings, binding("b", "Role", "readers", subject)).await;
        assert_eq!(get(&jane, MAPS).await.code, 200);
        assert_eq!(
            get(&jane, "/api/v1/namespaces/kube-system/configmaps")
                .await
                .code,
            403
        );
        assert_eq!(get(&jane, "/api/v1/configmaps").await.code, 403);
        delete(&server, &format!("{bindings}/b"), Value::Null).await;
    }
    assert_eq!(get(&jane, MAPS).await.code, 403);
}

#[tokio::test]
async fn a_binding_to_a_role_that_is_missing_says_so() {
    let server = server();
    let path = format!("{CLUSTER}/clusterrolebindings");
    create(
        &server,
        &path,
        binding("b", "ClusterRole", "gone", user("jane")),
    )
    .await;
    let refused = get(&jane(&server), MAPS).await;
    let message = refused.body["message"].as_str().unwrap();
    let reason = ": RBAC: clusterrole.rbac.authorization.k8s.io \"gone\" not found";
    assert!(message.ends_with(reason), "{message}");
}

#[tokio::test]
async fn a_selected_name_is_as_good_as_a_name() {
    let server = server();
    let rules = json!([{
        "apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["one"], "verbs": ["list", "watch"],
    }]);
    create(&server, &format!("{HERE}/roles"), role("r", rules)).await;
    create(
        &server,
        &format!("{HERE}/rolebindings"),
        binding("b", "Role", "r", user("jane")),
    )
    .await;
    let jane = jane(&server);
    let one = format!("{MAPS}?fieldSelector=metadata.name%3Done");
    assert_eq!(get(&jane, &one).await.code, 200);
    let two = format!("{MAPS}?fieldSelector=metadata.name%3Dtwo");
    assert_eq!(get(&jane, &two).await.code, 403);
    assert_eq!(get(&jane, MAPS).await.code, 403);
}

#[tokio::test]
async fn the_roles_of_every_cluster_are_aggregated() {
    let server = server();
    let jane = jane(&server);
    let bindings = format!("{HERE}/rolebindings");
    create(
        &server,
        &bindings,
        binding("b", "ClusterRole", "view", user("jane")),
    )
    .await;
    assert_eq!(get(&jane, MAPS).await.code, 200);
    assert_eq!(
        get(&jane, "/api/v1/namespaces/default/secrets").await.code,
        403
    );
    create(
        &server,
        &bindings,
        binding("c", "ClusterRole", "edit", user("jane")),
    )
    .await;
    assert_eq!(
        get(&jane, "/api/v1/namespaces/default/secrets").await.code,
        200
    );
    create(&jane, MAPS, json!({"metadata": {"name": "a"}})).await;

    let widgets = "/apis/example.com/v1/namespaces/default/widgets";
    assert_eq!(get(&jane, widgets).await.code, 403);
    let mut more = role(
        "widgets",
        json!([{"apiGroups": ["example.com"], "resources": ["widgets"], "verbs": ["list"]}]),
    );
    more["metadata"]["labels"] = json!({"rbac.authorization.k8s.io/aggregate-to-view": "true"});
    create(&server, &format!("{CLUSTER}/clusterroles"), more).await;
    assert_eq!(
        get(&jane, widgets).await.code,
        404,
        "allowed, though not there"
    );
}

#[tokio::test]
async fn nobody_gives_away_what_they_do_not_have() {
    let server = server();
    let jane = jane(&server);
    create(
        &server,
        &format!("{HERE}/rolebindings"),
        binding("b", "ClusterRole", "admin", user("jane")),
    )
    .await;
    let roles = format!("{HERE}/roles");
    create(&jane, &roles, role("fine", maps(&["get", "list"]))).await;

    let nodes = json!([{"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "list"]}]);
    let refused = post(&jane, &roles, role("greedy", nodes.clone())).await;
    assert_eq!(refused.code, 403);
    assert_eq!(
        refused.body["message"],
        "roles.rbac.authorization.k8s.io \"greedy\" is forbidden: user \"jane\" \
         (groups=[\"devs\" \"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n\
         {APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"get\" \"list\"]}"
    );
    let path = format!("{roles}/fine");
    assert_eq!(merge(&jane, &path, json!({"rules": nodes})).await.code, 403);
    assert_eq!(
        merge(&jane, &path, json!({"metadata": {"labels": {"a": "b"}}}))
            .await
            .code,
        200
    );

    let bindings = format!("{HERE}/rolebindings");
    let greedy = binding("c", "ClusterRole", "cluster-admin", user("jane"));
    assert_eq!(post(&jane, &bindings, greedy).await.code, 403);
    let missing = binding("c", "Role", "none", user("jane"));
    assert_eq!(post(&jane, &bindings, missing).await.code, 404);
    create(&jane, &bindings, binding("d", "Role", "fine", user("joe"))).await;
}

#[tokio::test]
async fn who_may_bind_a_role_need_not_hold_it() {
    let server = server();
    let jane = jane(&server);
    let rules = json!([
        {"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["rolebindings"], "verbs": ["create"]},
        {"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles"],
         "resourceNames": ["view"], "verbs": ["bind"]},
    ]);
    create(&server, &format!("{HERE}/roles"), role("binders", rules)).await;
    let bindings = format!("{HERE}/rolebindings");
    create(
        &server,
        &bindings,
        binding("b", "Role", "binders", user("jane")),
    )
    .await;
    create(
        &jane,
        &bindings,
        binding("c", "ClusterRole", "view", user("joe")),
    )
    .await;
    let edit = binding("d", "ClusterRole", "edit", user("joe"));
    assert_eq!(post(&jane, &bindings, edit).await.code, 403);
}

#[tokio::test]
async fn bindings_are_completed_and_checked() {
    let server = server();
    let bindings = format!("{HERE}/rolebindings");
    let account = json!({"kind": "ServiceAccount", "name": "robot"});
    create(
        &server,
        &bindings,
        binding("b", "ClusterRole", "view", account),
    )
    .await;
    let stored = get(&server, &format!("{bindings}/b")).await.body;
    assert_eq!(stored["roleRef"]["apiGroup"], "rbac.authorization.k8s.io");
    assert_eq!(stored["subjects"][0].get("apiGroup"), None);
    let robot = server.acting_as(User::service_account("default", "robot"));
    assert_eq!(
        get(&robot, MAPS).await.code,
        200,
        "an account of the namespace of the binding"
    );

    let other = binding("b", "ClusterRole", "edit", user("jane"));
    let refused = put(&server, &format!("{bindings}/b"), other).await;
    assert_eq!(refused.code, 422);
    assert_eq!(refused.body["details"]["causes"][0]["field"], "roleRef");
    let cluster = format!("{CLUSTER}/clusterrolebindings");
    let to_role = binding("c", "Role", "r", user("jane"));
    assert_eq!(post(&server, &cluster, to_role).await.code, 422);
}

#[tokio::test]
async fn without_rbac_the_roles_of_a_cluster_are_not_there() {
    let path = format!("{CLUSTER}/clusterroles/view");
    assert_eq!(get(&ApiServer::new(), &path).await.code, 404);
    assert_eq!(get(&server(), &path).await.code, 200);
}
