//! The informer on the embedded API server, through the real client.

use std::collections::BTreeMap;
use std::time::Duration;

use k8s_openapi::api::core::v1::{ConfigMap, Namespace as NamespaceKind};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubekit_cache::{Event, Lister, SharedInformer, SyncErrorKind};
use kubekit_core::{AllNamespaces, ApiResource, Namespace, ObjectKey, Patch, Unstructured};
use kubekit_fake::ApiServer;
use kubekit_rest::{Api, RestClient};
use serde_json::json;

const SOON: Duration = Duration::from_secs(60);

type Maps = Api<ConfigMap, Namespace>;

fn map(name: &str, color: &str) -> ConfigMap {
    ConfigMap {
        metadata: ObjectMeta {
            name: Some(name.to_owned()),
            labels: Some(BTreeMap::from([("color".to_owned(), color.to_owned())])),
            ..ObjectMeta::default()
        },
        ..ConfigMap::default()
    }
}

fn recolor(color: &str) -> Patch {
    Patch::merge(&json!({"metadata": {"labels": {"color": color}}})).unwrap()
}

fn maps(client: &RestClient) -> Maps {
    client.api::<ConfigMap, _>(Namespace::new("default"))
}

/// Waits until the cache agrees with the server on what there is, and at which version.
async fn agree(lister: &Lister<ConfigMap>, maps: &Maps) {
    let versions =
        |metadata: &ObjectMeta| (metadata.name.clone(), metadata.resource_version.clone());
    for _ in 0..1000 {
        let list = maps.list().await.unwrap();
        let server: Vec<_> = list
            .items
            .iter()
            .map(|map| versions(&map.metadata))
            .collect();
        let cache: Vec<_> = lister
            .snapshot()
            .iter()
            .map(|map| versions(map.metadata()))
            .collect();
        if server == cache {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the cache does not come to agree with the server");
}

#[tokio::test(start_paused = true)]
async fn cache_follows_the_server_through_changes_compaction_and_many_pages() {
    let server = ApiServer::new();
    let maps = maps(&server.client());
    for number in 0..25 {
        maps.create(&map(&format!("map-{number:02}"), "red"))
            .await
            .unwrap();
    }
    let informer = SharedInformer::builder(maps.clone()).page_size(4).start();
    let by_color =
        informer.index(|map: &ConfigMap| map.metadata.labels.as_ref()?.get("color").cloned());
    informer.wait_for_sync(SOON).await.unwrap();
    let lister = informer.lister();
    agree(&lister, &maps).await;
    assert_eq!(by_color.get("red").len(), 25);

    for number in 0..25 {
        let name = format!("map-{number:02}");
        match number % 3 {
            0 => drop(maps.delete(&name).await.unwrap()),
            1 => drop(maps.patch(&name, recolor("blue")).await.unwrap()),
            _ => server.compact(),
        }
    }
    agree(&lister, &maps).await;
    assert_eq!(
        (by_color.get("red").len(), by_color.get("blue").len()),
        (8, 8)
    );
}

#[tokio::test(start_paused = true)]
async fn events_tell_the_life_of_an_object() {
    let server = ApiServer::new();
    let maps = maps(&server.client());
    let informer = SharedInformer::builder(maps.clone())
        .labels("color".parse().unwrap())
        .start();
    informer.wait_for_sync(SOON).await.unwrap();
    let mut events = informer.subscribe();

    maps.create(&map("a", "red")).await.unwrap();
    let Some(Event::Added {
        object,
        initial: false,
    }) = events.next().await
    else {
        panic!("not added")
    };
    assert_eq!(object.key().as_str(), "default/a");

    let blue =
        Patch::merge(&serde_json::json!({"metadata": {"labels": {"color": "blue"}}})).unwrap();
    maps.patch("a", blue).await.unwrap();
    let Some(Event::Updated { old, new }) = events.next().await else {
        panic!("not updated")
    };
    assert_eq!(old.metadata.labels.as_ref().unwrap()["color"], "red");
    assert_eq!(new.metadata.labels.as_ref().unwrap()["color"], "blue");

    maps.delete("a").await.unwrap();
    let Some(Event::Deleted {
        object,
        observed: true,
    }) = events.next().await
    else {
        panic!("not deleted")
    };
    assert_eq!(object.metadata.labels.as_ref().unwrap()["color"], "blue");
}

#[tokio::test(start_paused = true)]
async fn resource_that_is_not_served_is_named_in_the_error() {
    let websites = ApiResource {
        group: "example.com".into(),
        version: "v1".into(),
        kind: "Website".into(),
        plural: "websites".into(),
        namespaced: true,
    };
    let websites: Api<Unstructured, _> =
        Api::new(&ApiServer::new().client(), websites, AllNamespaces).unwrap();
    let informer = SharedInformer::builder(websites).start();
    let error = informer.wait_for_sync(SOON).await.unwrap_err();
    assert_eq!(error.kind(), SyncErrorKind::NotServed);
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    assert!(words.contains("websites"), "{words}");
}

#[tokio::test(start_paused = true)]
async fn cluster_scoped_objects_are_cached_by_name() {
    let server = ApiServer::new();
    let informer = SharedInformer::builder(
        server
            .client()
            .api::<NamespaceKind, _>(kubekit_core::Cluster),
    )
    .start();
    informer.wait_for_sync(SOON).await.unwrap();
    assert!(
        informer
            .lister()
            .get(&ObjectKey::cluster("kube-system"))
            .is_some()
    );
}
