//! Reactors and the action log: what a test sees of requests, and puts in place of their answers.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kubekit_core::{Status, StatusReason};
use kubekit_fake::{Action, ApiServer, Reaction, Requests, Verb};
use serde_json::{Value, json};
use support::{DEFINITIONS, MAPS, create_map, delete, get, merge, post, put, watch};

fn forbidden() -> Reaction {
    Status::failure(403, StatusReason::Forbidden, "no").into()
}

#[tokio::test]
async fn a_reactor_answers_in_place_of_the_server() {
    let server = ApiServer::new();
    server.react(
        Requests::all().verb(Verb::Get).resource("configmaps"),
        |attempt| {
            let name = attempt.action().name.clone();
            Reaction::Answer(
                json!({"metadata": {"name": name, "resourceVersion": "77"}, "data": {"k": "v"}}),
            )
        },
    );
    let answer = get(&server, &format!("{MAPS}/anything")).await;
    assert_eq!(answer.code, 200);
    assert_eq!(answer.body["kind"], "ConfigMap");
    assert_eq!(answer.body["metadata"]["name"], "anything");
    assert_eq!(answer.body["metadata"]["resourceVersion"], "77");
}

#[tokio::test]
async fn an_answered_creation_is_not_stored() {
    let server = ApiServer::new();
    let hook = server.react(Requests::all().verb(Verb::Create), |attempt| {
        Reaction::Answer(Value::Object(attempt.object().cloned().unwrap()))
    });
    let answer = post(&server, MAPS, json!({"metadata": {"name": "a"}})).await;
    assert_eq!(answer.code, 201);
    assert_eq!(hook.hits(), 1);
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.code, 404);
}

#[tokio::test]
async fn the_reactor_added_last_is_asked_first() {
    let server = ApiServer::new();
    server.react(Requests::all(), |_| forbidden());
    server.react(Requests::all().verb(Verb::Get), |_| {
        Reaction::Answer(json!({"metadata": {"name": "a"}}))
    });
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.code, 200);
    assert_eq!(get(&server, MAPS).await.code, 403);
}

#[tokio::test]
async fn who_passes_on_leaves_it_to_the_server() {
    let server = ApiServer::new();
    let hook = server.react(Requests::all(), |_| Reaction::PassOn);
    create_map(&server, "a").await;
    assert_eq!(hook.hits(), 1);
    hook.remove();
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.code, 200);
    assert_eq!(hook.hits(), 1);
}

#[tokio::test]
async fn a_watch_can_be_refused_and_not_answered() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    server.react(Requests::all().verb(Verb::Watch), |_| {
        Reaction::Answer(json!({}))
    });
    let mut events = watch(&server, &format!("{MAPS}?watch=1")).await;
    assert_eq!(events.event().await.1, "a");
    server.react(Requests::all().verb(Verb::Watch), |_| forbidden());
    assert_eq!(get(&server, &format!("{MAPS}?watch=1")).await.code, 403);
}

#[tokio::test]
async fn a_reactor_sees_patches_and_may_use_the_server() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    let seen = Arc::new(AtomicU64::new(0));
    let (at, inner) = (Arc::clone(&seen), server.clone());
    server.react(Requests::all().verb(Verb::Patch), move |attempt| {
        assert_eq!(attempt.patch(), Some(&br#"{"data":{"k":"v"}}"#[..]));
        assert!(attempt.object().is_none());
        at.store(inner.revision(), Ordering::Relaxed);
        Reaction::PassOn
    });
    let before = server.revision();
    assert_eq!(
        merge(&server, &format!("{MAPS}/a"), json!({"data": {"k": "v"}}))
            .await
            .code,
        200
    );
    assert_eq!(seen.load(Ordering::Relaxed), before);
}

#[tokio::test]
async fn what_comes_after_sees_what_was_done_and_can_hide_it() {
    let server = ApiServer::new();
    server.react_after(Requests::all().verb(Verb::Create), |_, outcome| {
        assert_eq!(outcome.code(), 201);
        assert!(outcome.failure().is_none());
        assert_eq!(outcome.object().unwrap()["metadata"]["name"], "a");
        Status::failure(500, StatusReason::InternalError, "after the fact").into()
    });
    assert_eq!(
        post(&server, MAPS, json!({"metadata": {"name": "a"}}))
            .await
            .code,
        500
    );
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.code, 200);
}

#[tokio::test]
async fn what_comes_after_sees_failures() {
    let server = ApiServer::new();
    server.react_after(Requests::all().verb(Verb::Get), |attempt, outcome| {
        assert!(outcome.failure().unwrap().is_not_found());
        Reaction::Answer(json!({"metadata": {"name": attempt.action().name}}))
    });
    assert_eq!(get(&server, &format!("{MAPS}/none")).await.code, 200);
}

fn told(actions: &[Action]) -> Vec<String> {
    let tell = |action: &Action| {
        let Action {
            verb,
            group,
            version,
            resource,
            subresource,
            namespace,
            name,
            ..
        } = action;
        format!(
            "{} {group}/{version} {resource}/{subresource} {namespace}/{name}",
            verb.as_str()
        )
    };
    actions.iter().map(tell).collect()
}

#[tokio::test]
async fn the_log_has_what_was_asked_in_order() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    get(&server, "/api/v1/configmaps").await;
    put(
        &server,
        &format!("{MAPS}/gone"),
        json!({"metadata": {"name": "gone"}}),
    )
    .await;
    merge(
        &server,
        "/apis/apps/v1/namespaces/default/deployments/d/status",
        json!({}),
    )
    .await;
    delete(&server, MAPS, Value::Null).await;
    get(&server, DEFINITIONS).await;
    get(&server, "/api/v1/nothing").await;
    let expected = [
        "create /v1 configmaps/ default/",
        "list /v1 configmaps/ /",
        "update /v1 configmaps/ default/gone",
        "patch apps/v1 deployments/status default/d",
        "deletecollection /v1 configmaps/ default/",
        "list apiextensions.k8s.io/v1 customresourcedefinitions/ /",
    ];
    assert_eq!(told(&server.actions()), expected);
    server.clear_actions();
    assert!(server.actions().is_empty());
}

#[tokio::test]
async fn the_log_knows_clients_and_what_is_no_resource() {
    let server = ApiServer::new();
    server.client().get("/version").bytes().await.unwrap();
    let actions = server.actions();
    assert_eq!(
        (actions[0].path.as_str(), actions[0].resource.as_str()),
        ("/version", "")
    );
    assert!(
        actions[0].user_agent.contains("kubekit"),
        "{:?}",
        actions[0].user_agent
    );
    assert!(
        Requests::all()
            .user_agent(&actions[0].user_agent)
            .contain(&actions[0])
    );
}

#[tokio::test]
async fn the_log_is_bounded() {
    let server = ApiServer::builder().action_log(2).build();
    for name in ["a", "b", "c"] {
        get(&server, &format!("{MAPS}/{name}")).await;
    }
    let names: Vec<String> = server
        .actions()
        .into_iter()
        .map(|action| action.name)
        .collect();
    assert_eq!(names, ["b", "c"]);
}

#[tokio::test]
async fn a_resource_is_meant_without_its_subresources_and_in_any_group() {
    let server = ApiServer::new();
    merge(
        &server,
        "/apis/apps/v1/namespaces/default/deployments/d/status",
        json!({}),
    )
    .await;
    get(&server, "/apis/apps/v1/namespaces/default/deployments/d").await;
    let actions = server.actions();
    let meant = |resource: &str| {
        let requests = Requests::all().resource(resource);
        actions
            .iter()
            .map(|action| requests.contain(action))
            .collect::<Vec<_>>()
    };
    assert_eq!(meant("deployments"), [false, true]);
    assert_eq!(meant("deployments.apps"), [false, true]);
    assert_eq!(meant("deployments.extensions"), [false, false]);
    assert_eq!(meant("deployments/status"), [true, false]);
}
