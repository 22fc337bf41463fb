//! What a client does with every request, and requests by path.

use k8s_openapi::api::core::v1::ConfigMap;
use kubekit_core::Namespace;
use kubekit_rest::{RequestInfo, RestClient};
use tower::ServiceExt;

use crate::support::script::{Answer, Script, json as answer};
use crate::support::{client, config, map_json};

#[tokio::test]
async fn a_path_by_hand_keeps_its_query_and_gets_more() {
    let script = Script::new([answer(200, "{}")]);
    client(&script)
        .get("/api?x=1")
        .query("labelSelector", "a in (x,y),b=é,!c")
        .query("x y", "1+2&3")
        .header("X-Custom", "a")
        .header("X-Custom", "b")
        .bytes()
        .await
        .expect("an answer");
    let asked = script.only_request();
    assert_eq!(
        asked.uri.query(),
        Some("x=1&labelSelector=a+in+%28x%2Cy%29%2Cb%3D%C3%A9%2C%21c&x+y=1%2B2%263")
    );
    assert_eq!(asked.headers.get_all("x-custom").iter().count(), 2);
}

#[tokio::test]
async fn what_no_request_can_carry_is_refused() {
    let script = Script::new([]);
    let client = client(&script);
    for request in [
        client.get("version"),
        client.get("/with blank"),
        client.get("/").header("bad\nname", "x"),
        client.get("/").header("x", "bad\nvalue"),
        client.get("/").body("bad\ntype", ""),
        client.get("/").query("long", "x".repeat(70_000)),
    ] {
        let error = request.bytes().await.expect_err("no request");
        assert!(error.is_refused(), "{error}");
    }
}

#[tokio::test]
async fn the_server_url_has_its_prefix_before_the_path() {
    let script = Script::new([answer(200, "{}")]);
    let server = http::Uri::from_static("https://proxy.example/k8s/east/");
    let client = RestClient::builder(&kubekit_config::Config::new(server))
        .transport(script.clone())
        .build()
        .expect("a client");
    client.get("/version").bytes().await.expect("an answer");
    assert_eq!(
        script.only_request().uri,
        "https://proxy.example/k8s/east/version"
    );
}

#[tokio::test]
async fn the_user_agent_names_program_platform_and_library() {
    let script = Script::new([answer(200, "{}"), answer(200, "{}"), answer(200, "{}")]);
    let given = client(&script);
    let default = RestClient::builder(&config())
        .transport(script.clone())
        .build()
        .expect("a client");
    given.get("/").bytes().await.expect("an answer");
    default.get("/").bytes().await.expect("an answer");
    let own = given.get("/").header("user-agent", "own/2");
    own.bytes().await.expect("an answer");

    let agents: Vec<_> = script
        .requests()
        .iter()
        .map(|asked| asked.header("user-agent").expect("an agent").to_owned())
        .collect();
    assert_eq!(agents[0], "tests/1");
    assert!(agents[1].contains("/unknown ("), "{}", agents[1]);
    assert!(agents[1].contains(") kubekit/"), "{}", agents[1]);
    assert_eq!(agents[2], "own/2");
}

#[tokio::test]
async fn headers_of_the_client_are_on_every_request_that_lacks_them() {
    let script = Script::new([answer(200, "{}"), answer(200, "{}")]);
    let name = http::HeaderName::from_static("x-tenant");
    let client = RestClient::builder(&config())
        .transport(script.clone())
        .header(name.clone(), "a".parse().expect("a value"))
        .header(name.clone(), "b".parse().expect("a value"))
        .build()
        .expect("a client");
    client.get("/").bytes().await.expect("an answer");
    let own = client.get("/").header(name, "c");
    own.bytes().await.expect("an answer");
    let tenants: Vec<Vec<_>> = script
        .requests()
        .iter()
        .map(|asked| asked.headers.get_all("x-tenant").iter().cloned().collect())
        .collect();
    assert_eq!(tenants, [vec!["a", "b"], vec!["c"]]);
}

#[tokio::test]
async fn an_answer_in_one_piece_is_not_copied() {
    let bytes = bytes::Bytes::from_static(b"{\"kind\":\"Any\"}");
    let response = http::Response::new(kubekit_rest::Body::from(bytes.clone()));
    let script = Script::new([Answer::Response(response)]);
    let body = client(&script).get("/").bytes().await.expect("an answer");
    assert_eq!(body.as_ptr(), bytes.as_ptr());
}

#[tokio::test]
async fn layers_see_each_request_once_and_know_what_it_is_about() {
    let script = Script::new([answer(500, "boom"), answer(200, map_json("a"))]);
    let seen = std::sync::Arc::new(parking_lot::Mutex::new(Vec::new()));
    let noted = std::sync::Arc::clone(&seen);
    let layer = tower::layer::layer_fn(move |inner: tower::util::BoxCloneSyncService<_, _, _>| {
        let noted = std::sync::Arc::clone(&noted);
        inner.map_request(move |request: http::Request<kubekit_rest::Body>| {
            let info = request.extensions().get::<RequestInfo>().expect("info");
            noted.lock().push(info.to_string());
            request
        })
    });
    let client = RestClient::builder(&config())
        .transport(script.clone())
        .layer(layer)
        .build()
        .expect("a client");
    let maps = client.api::<ConfigMap, _>(Namespace::new("shop"));
    tokio::time::pause();
    maps.get("a").await.expect("a map");
    assert_eq!(script.requests().len(), 2);
    assert_eq!(*seen.lock(), [r#"get configmaps "a" in namespace "shop""#]);
}
