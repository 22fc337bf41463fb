//! Collections: selectors, pages and versions.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use kubekit_fake::ApiServer;
use serde_json::json;
use support::{MAPS, create_map, delete, get, merge, names, post, version};

async fn server_with(names: &[&str]) -> ApiServer {
    let server = ApiServer::new();
    for name in names {
        create_map(&server, name).await;
    }
    server
}

#[tokio::test]
async fn pages_are_of_one_snapshot() {
    let server = server_with(&["a", "b", "c", "d", "e"]).await;
    let first = get(&server, &format!("{MAPS}?limit=2")).await.body;
    assert_eq!(names(&first), ["a", "b"]);
    assert_eq!(first["metadata"]["remainingItemCount"], 3);

    create_map(&server, "bb").await;
    merge(&server, &format!("{MAPS}/d"), json!({"data": {"new": "1"}})).await;
    delete(&server, &format!("{MAPS}/e"), json!(null)).await;

    let token = first["metadata"]["continue"].as_str().unwrap();
    let rest = get(&server, &format!("{MAPS}?continue={token}")).await.body;
    assert_eq!(names(&rest), ["c", "d", "e"]);
    assert_eq!(version(&rest), version(&first));
    assert!(rest["items"][1].get("data").is_none());
    assert!(rest["metadata"].get("continue").is_none());
    assert_eq!(
        names(&get(&server, MAPS).await.body),
        ["a", "b", "bb", "c", "d"]
    );
}

#[tokio::test]
async fn paging_goes_through_all_namespaces_in_the_order_of_keys() {
    let server = ApiServer::new();
    for namespace in ["n", "n-b"] {
        post(
            &server,
            "/api/v1/namespaces",
            json!({"metadata": {"name": namespace}}),
        )
        .await;
        for name in ["x", "y"] {
            let path = format!("/api/v1/namespaces/{namespace}/secrets");
            post(&server, &path, json!({"metadata": {"name": name}})).await;
        }
    }
    let mut path = "/api/v1/secrets?limit=1".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = get(&server, &path).await.body;
        let metadata = page["items"][0]["metadata"].clone();
        seen.push(format!(
            "{}/{}",
            metadata["namespace"].as_str().unwrap(),
            metadata["name"].as_str().unwrap()
        ));
        match page["metadata"]["continue"].as_str() {
            Some(token) => path = format!("/api/v1/secrets?limit=1&continue={token}"),
            None => break,
        }
    }
    assert_eq!(seen, ["n-b/x", "n-b/y", "n/x", "n/y"]);
}

#[tokio::test]
async fn a_compacted_token_says_how_to_go_on() {
    let server = server_with(&["a", "b", "c"]).await;
    let first = get(&server, &format!("{MAPS}?limit=1")).await.body;
    create_map(&server, "d").await;
    server.compact();

    let token = first["metadata"]["continue"].as_str().unwrap();
    let expired = get(&server, &format!("{MAPS}?continue={token}")).await;
    assert_eq!(
        (expired.code, &expired.body["reason"]),
        (410, &json!("Expired"))
    );

    let token = expired.body["metadata"]["continue"].as_str().unwrap();
    let rest = get(&server, &format!("{MAPS}?continue={token}")).await.body;
    assert_eq!(names(&rest), ["b", "c", "d"]);
}

#[tokio::test]
async fn an_exact_list_shows_what_was() {
    let server = ApiServer::new();
    let one = version(&create_map(&server, "a").await);
    let two = version(&create_map(&server, "b").await);
    merge(&server, &format!("{MAPS}/a"), json!({"data": {"v": "2"}})).await;
    delete(&server, &format!("{MAPS}/b"), json!(null)).await;

    let at = async |version: u64| {
        let path = format!("{MAPS}?resourceVersion={version}&resourceVersionMatch=Exact");
        get(&server, &path).await.body
    };
    assert_eq!(names(&at(one).await), ["a"]);
    let list = at(two).await;
    assert_eq!(names(&list), ["a", "b"]);
    assert!(list["items"][0].get("data").is_none());
    assert_eq!(version(&list), two);
}

#[tokio::test]
async fn versions_that_make_no_sense_are_refused() {
    let server = server_with(&["a"]).await;
    for (query, code, reason) in [
        ("resourceVersion=abc", 400, "BadRequest"),
        ("resourceVersionMatch=Exact", 422, "Invalid"),
        (
            "resourceVersion=0&resourceVersionMatch=Exact",
            422,
            "Invalid",
        ),
        (
            "resourceVersion=1&resourceVersionMatch=Roughly",
            422,
            "Invalid",
        ),
        ("resourceVersion=999999", 504, "Timeout"),
        (
            "resourceVersion=999999&resourceVersionMatch=Exact",
            504,
            "Timeout",
        ),
        ("continue=garbage", 400, "BadRequest"),
        ("sendInitialEvents=true", 422, "Invalid"),
    ] {
        let answer = get(&server, &format!("{MAPS}?{query}")).await;
        assert_eq!(answer.code, code, "{query}");
        assert_eq!(answer.body["reason"], reason, "{query}");
    }
    assert_eq!(
        get(&server, &format!("{MAPS}/a?resourceVersion=abc"))
            .await
            .code,
        500
    );
}

#[tokio::test]
async fn selectors_select_and_have_no_remaining_count() {
    let server = ApiServer::new();
    for (name, app) in [("a", "x"), ("b", "y"), ("c", "x")] {
        let body = json!({"metadata": {"name": name, "labels": {"app": app}}});
        post(&server, MAPS, body).await;
    }
    let page = get(&server, &format!("{MAPS}?labelSelector=app%3Dx&limit=1"))
        .await
        .body;
    assert_eq!(names(&page), ["a"]);
    assert!(page["metadata"].get("remainingItemCount").is_none());
    let both = format!("{MAPS}?labelSelector=app%3Dx&fieldSelector=metadata.name!%3Da");
    assert_eq!(names(&get(&server, &both).await.body), ["c"]);
}

#[tokio::test]
async fn kinds_have_selectable_fields_of_their_own() {
    let server = ApiServer::new();
    let pods = "/api/v1/namespaces/default/pods";
    for (name, node) in [("p", "n1"), ("q", "n2")] {
        let spec = json!({"nodeName": node, "containers": [{"name": "c", "image": "i"}]});
        post(
            &server,
            pods,
            json!({"metadata": {"name": name}, "spec": spec}),
        )
        .await;
    }
    let path = format!("{pods}?fieldSelector=spec.nodeName%3Dn2,status.phase%3DPending");
    assert_eq!(names(&get(&server, &path).await.body), ["q"]);

    let refused = get(
        &server,
        &format!("{pods}?fieldSelector=spec.containers%3Dx"),
    )
    .await;
    assert_eq!(
        refused.body["message"],
        "field label not supported: spec.containers"
    );
    let refused = get(&server, &format!("{MAPS}?fieldSelector=data.k%3Dv")).await;
    assert_eq!(
        refused.body["message"],
        "\"data.k\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
    );
}

#[tokio::test]
async fn a_long_list_is_whole() {
    let names: Vec<String> = (0..1234).map(|n| format!("m{n:04}")).collect();
    let server = ApiServer::new();
    for name in &names {
        create_map(&server, name).await;
    }
    let list = get(&server, MAPS).await.body;
    assert_eq!(support::names(&list), names);
    assert_eq!(list["kind"], "ConfigMapList");
    assert_eq!(version(&list), server.revision());
}
