//! What the verbs return.

use k8s_openapi::api::autoscaling::v1::Scale;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace as NamespaceObject, Pod};
use k8s_openapi::api::policy::v1::Eviction;
use kubekit_core::{ApiResource, Cluster, Namespace, PartialObjectMetadata, Patch, Status};
use kubekit_rest::{Api, Deletion};
use serde_json::json;

use crate::support::script::{Script, json as answer};
use crate::support::{client, list_json, map_json, maps};

#[tokio::test]
async fn an_item_that_cannot_be_decoded_does_not_fail_the_list() {
    let body = r#"{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"7"},
        "items":[{"metadata":{"name":"good"}},{"metadata":{"name":"bad"},"data":5}]}"#;
    let list = maps(&Script::new([answer(200, body)]))
        .list()
        .await
        .expect("a list");
    assert_eq!(list.items.len(), 1);
    assert_eq!(list.undecodable.len(), 1);
    assert_eq!(list.resource_version(), Some("7".into()));
}

#[tokio::test]
async fn a_delete_tells_whether_the_object_is_gone() {
    let marked = |rest: &str| {
        format!(
            r#"{{"kind":"ConfigMap","apiVersion":"v1","metadata":{{"name":"a","deletionTimestamp":"2026-11-20T22:56:20Z"{rest}}}}}"#
        )
    };
    let success = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":{"name":"a","kind":"configmaps","uid":"u"}}"#;
    let cases = [
        (success.to_owned(), true),
        (map_json("a"), true),
        (marked(r#","deletionGracePeriodSeconds":0"#), true),
        (
            marked(r#","deletionGracePeriodSeconds":0,"finalizers":["foregroundDeletion"]"#),
            false,
        ),
        (marked(r#","deletionGracePeriodSeconds":30"#), false),
    ];
    for (body, gone) in cases {
        let script = Script::new([answer(200, body.clone())]);
        let deletion = maps(&script).delete("a").await.expect("a deletion");
        assert_eq!(deletion.is_gone(), gone, "{body}");
        assert_eq!(deletion.into_object().is_none(), body == success, "{body}");
    }
}

#[tokio::test]
async fn a_namespace_that_is_being_emptied_is_not_gone() {
    let body = r#"{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"a","deletionTimestamp":"2026-11-20T22:56:20Z"},"spec":{"finalizers":["kubernetes"]},"status":{"phase":"Terminating"}}"#;
    let script = Script::new([answer(200, body)]);
    let namespaces = client(&script).api::<NamespaceObject, _>(Cluster);
    let deletion = namespaces.delete("a").await.expect("a deletion");
    assert!(matches!(deletion, Deletion::Pending(_)));
}

#[tokio::test]
async fn a_collection_delete_returns_what_the_server_took_on() {
    let success = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success"}"#;
    let script = Script::new([
        answer(200, list_json(&["a", "b"], "")),
        answer(200, success),
    ]);
    let maps = maps(&script);
    let deleted = maps.delete_collection().await.expect("a list");
    assert_eq!(deleted.items.len(), 2);
    let deleted = maps.delete_collection().await.expect("a success");
    assert!(deleted.items.is_empty());
}

#[tokio::test]
async fn subresources_have_kinds_of_their_own() {
    let scale = r#"{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"web"},"spec":{"replicas":3}}"#;
    let success =
        r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":201}"#;
    let script = Script::new([answer(200, scale), answer(201, success)]);
    let pods = client(&script).api::<Pod, _>(Namespace::new("shop"));

    let patch = Patch::merge(&json!({"spec": {"replicas": 3}})).expect("a patch");
    let scaled = pods
        .subresource::<Scale>("scale")
        .patch("web", patch)
        .await
        .expect("a scale");
    assert_eq!(scaled.spec.and_then(|spec| spec.replicas), Some(3));

    let evicted: Status = pods
        .subresource::<Eviction>("eviction")
        .returns()
        .create("web-0", &Eviction::default())
        .await
        .expect("a success");
    assert_eq!(evicted.status, "Success");
}

#[tokio::test]
async fn a_kind_can_be_read_as_metadata_only() {
    let script = Script::new([answer(200, map_json("a"))]);
    let resource = ApiResource::of::<ConfigMap>();
    let metadata: Api<PartialObjectMetadata, _> =
        Api::new(&client(&script), resource, Namespace::new("shop")).expect("an API");
    let found = metadata.get("a").await.expect("metadata");
    assert_eq!(found.metadata.name.as_deref(), Some("a"));
}

#[tokio::test]
async fn an_unstructured_delete_is_not_fooled_by_a_status() {
    let success = r#"{"metadata":{},"status":"Success","kind":"Status","apiVersion":"v1"}"#;
    let script = Script::new([answer(200, success)]);
    let dynamic = client(&script)
        .dynamic_api(ApiResource::of::<ConfigMap>(), Namespace::new("shop"))
        .expect("an API");
    let deletion = dynamic.delete("a").await.expect("a deletion");
    assert_eq!(deletion, Deletion::Gone(None));
}

#[tokio::test]
async fn futures_can_be_spawned() {
    let script = Script::new([answer(200, map_json("a"))]);
    let call = maps(&script).get("a").into_future();
    let found = tokio::spawn(call).await.expect("a task").expect("a map");
    assert_eq!(found.metadata.name.as_deref(), Some("a"));
}
