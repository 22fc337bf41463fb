//! Tokens of service accounts, and certificate signing requests.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use jiff::Timestamp;
use kubekit_fake::{ApiServer, AuthorizationMode, Clock, TokenTable, User};
use rcgen::{CertificateParams, DnType, KeyPair};
use serde_json::{Value, json};
use support::{call, delete, get, merge, post, put, send};

const ACCOUNTS: &str = "/api/v1/namespaces/default/serviceaccounts";
const REQUESTS: &str = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

/// A server with a service account, a handle of its administrator, and the clock, which is moved by hand.
async fn server() -> (ApiServer, ApiServer, Arc<AtomicI64>) {
    let now = Arc::new(AtomicI64::new(1_800_000_000));
    let seconds = Arc::clone(&now);
    let clock =
        Clock::from_fn(move || Timestamp::from_second(seconds.load(Ordering::Relaxed)).unwrap());
    let tokens = TokenTable::new().token("admintoken", User::admin());
    let server = ApiServer::builder().clock(clock).tokens(tokens).build();
    let admin = server.acting_as(User::admin());
    let created = post(&admin, ACCOUNTS, json!({"metadata": {"name": "robot"}})).await;
    assert_eq!(created.code, 201);
    (server, admin, now)
}

async fn token(admin: &ApiServer, spec: Value) -> String {
    let answer = post(
        admin,
        &format!("{ACCOUNTS}/robot/token"),
        json!({"spec": spec}),
    )
    .await;
    assert_eq!(answer.code, 201, "{}", answer.body);
    answer.body["status"]["token"].as_str().unwrap().to_owned()
}

async fn review(admin: &ApiServer, spec: Value) -> Value {
    let path = "/apis/authentication.k8s.io/v1/tokenreviews";
    let answer = post(admin, path, json!({"spec": spec})).await;
    assert_eq!(answer.code, 201, "{}", answer.body);
    answer.body["status"].clone()
}

/// The user that a token is accepted as; nothing for 401.
async fn bearer(server: &ApiServer, token: &str) -> Option<String> {
    let request = Request::post("/apis/authentication.k8s.io/v1/selfsubjectreviews")
        .header("authorization", format!("Bearer {token}"))
        .body(Full::<Bytes>::from("{}"))
        .unwrap();
    let response = send(server, request).await;
    let code = response.status();
    let bytes = response.collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&bytes).unwrap();
    let name = body["status"]["userInfo"]["username"].as_str();
    (code == 201).then(|| name.unwrap().to_owned())
}

#[tokio::test]
async fn a_token_is_that_of_its_account_until_it_expires() {
    let (server, admin, now) = server().await;
    let token = token(&admin, json!({"expirationSeconds": 600})).await;
    let name = Some("system:serviceaccount:default:robot".to_owned());
    assert_eq!(bearer(&server, &token).await, name);
    now.fetch_add(599, Ordering::Relaxed);
    assert_eq!(bearer(&server, &token).await, name);
    now.fetch_add(1, Ordering::Relaxed);
    assert_eq!(bearer(&server, &token).await, None);
}

#[tokio::test]
async fn a_token_dies_with_its_account() {
    let (_, admin, _) = server().await;
    let token = token(&admin, json!({})).await;
    assert_eq!(
        review(&admin, json!({"token": token})).await["authenticated"],
        true
    );
    delete(&admin, &format!("{ACCOUNTS}/robot"), Value::Null).await;
    post(&admin, ACCOUNTS, json!({"metadata": {"name": "robot"}})).await;
    let status = review(&admin, json!({"token": token})).await;
    assert_eq!(
        status.get("authenticated"),
        None,
        "another account of that name"
    );
}

#[tokio::test]
async fn a_token_is_for_its_audiences_alone() {
    let (_, admin, _) = server().await;
    let token = token(&admin, json!({"audiences": ["vault"]})).await;
    assert_eq!(
        review(&admin, json!({"token": token}))
            .await
            .get("authenticated"),
        None
    );
    let status = review(
        &admin,
        json!({"token": token, "audiences": ["other", "vault"]}),
    )
    .await;
    assert_eq!(status["audiences"], json!(["vault"]));
}

#[tokio::test]
async fn a_token_can_be_bound_to_a_secret() {
    let (_, admin, _) = server().await;
    let secrets = "/api/v1/namespaces/default/secrets";
    post(&admin, secrets, json!({"metadata": {"name": "s"}})).await;
    let reference = json!({"apiVersion": "v1", "kind": "Secret", "name": "s"});
    let token = token(&admin, json!({"boundObjectRef": reference})).await;
    assert_eq!(
        review(&admin, json!({"token": token})).await["authenticated"],
        true
    );
    delete(&admin, &format!("{secrets}/s"), Value::Null).await;
    assert_eq!(
        review(&admin, json!({"token": token}))
            .await
            .get("authenticated"),
        None
    );
}

#[tokio::test]
async fn lifetimes_have_bounds() {
    let (_, admin, _) = server().await;
    let path = format!("{ACCOUNTS}/robot/token");
    for seconds in [0, 599, (1_i64 << 32) + 1] {
        let answer = post(
            &admin,
            &path,
            json!({"spec": {"expirationSeconds": seconds}}),
        )
        .await;
        assert_eq!(answer.code, 422, "{seconds}");
    }
}

#[tokio::test]
async fn a_request_for_a_token_means_the_account_in_its_path() {
    let (_, admin, _) = server().await;
    let path = format!("{ACCOUNTS}/robot/token");
    let other = post(
        &admin,
        &path,
        json!({"metadata": {"name": "other"}, "spec": {}}),
    )
    .await;
    assert_eq!(other.code, 422);
    assert_eq!(other.body["details"]["causes"][0]["field"], "metadata.name");
}

#[tokio::test]
async fn secrets_for_accounts_and_registries_are_checked() {
    let server = ApiServer::new();
    let secrets = "/api/v1/namespaces/default/secrets";
    let account = json!({"metadata": {"name": "a"}, "type": "kubernetes.io/service-account-token"});
    let refused = post(&server, secrets, account).await;
    assert_eq!(refused.code, 422);
    let field = &refused.body["details"]["causes"][0]["field"];
    assert_eq!(
        field,
        "metadata.annotations[kubernetes.io/service-account.name]"
    );
    let registry = json!({
        "metadata": {"name": "b"},
        "type": "kubernetes.io/dockerconfigjson",
        "stringData": {".dockerconfigjson": "s3cret"},
    });
    let refused = post(&server, secrets, registry).await;
    assert_eq!(refused.code, 422);
    assert!(!refused.body.to_string().contains("s3cret"));
}

#[tokio::test]
async fn the_keys_of_tokens_are_public() {
    let server = ApiServer::new();
    let configuration = get(&server, "/.well-known/openid-configuration").await.body;
    assert_eq!(
        configuration["id_token_signing_alg_values_supported"],
        json!(["ES256"])
    );
    let keys = get(&server, "/openid/v1/jwks").await.body;
    assert_eq!(keys["keys"][0]["kty"], "EC");
}

fn signing_request(organization: &str) -> String {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, "jane");
    params
        .distinguished_name
        .push(DnType::OrganizationName, organization);
    let der = params.serialize_request(&key).unwrap();
    let body = STANDARD.encode(der.der());
    let pem =
        format!("-----BEGIN CERTIFICATE REQUEST-----\n{body}\n-----END CERTIFICATE REQUEST-----\n");
    STANDARD.encode(pem)
}

fn asking(name: &str, signer: &str) -> Value {
    json!({
        "metadata": {"name": name},
        "spec": {
            "request": signing_request("devs"),
            "signerName": signer,
            "usages": ["client auth"],
            "username": "liar",
        },
    })
}

#[tokio::test]
async fn a_signing_request_says_who_has_made_it() {
    let server = ApiServer::new().acting_as(User::new("jane").group("devs"));
    let created = post(&server, REQUESTS, asking("a", "example.com/mine")).await;
    assert_eq!(created.code, 201, "{}", created.body);
    assert_eq!(created.body["spec"]["username"], "jane");
    assert_eq!(
        created.body["spec"]["groups"],
        json!(["devs", "system:authenticated"])
    );
}

#[tokio::test]
async fn approvals_have_a_subresource_and_are_final() {
    let server = ApiServer::new();
    post(&server, REQUESTS, asking("a", "example.com/mine")).await;
    let path = format!("{REQUESTS}/a");
    let approved = json!({"status": {"conditions": [{"type": "Approved", "status": "True"}]}});
    assert_eq!(
        merge(&server, &format!("{path}/status"), approved.clone())
            .await
            .code,
        422
    );
    let answer = merge(&server, &format!("{path}/approval"), approved).await;
    assert_eq!(answer.code, 200, "{}", answer.body);
    let condition = &answer.body["status"]["conditions"][0];
    assert!(condition["lastUpdateTime"].is_string(), "{condition}");
    let denied = json!({"status": {"conditions": [{"type": "Denied", "status": "True"}]}});
    assert_eq!(
        merge(&server, &format!("{path}/approval"), denied)
            .await
            .code,
        422
    );
    let nothing = json!({"status": {"certificate": "bm90IGEgY2VydA=="}});
    assert_eq!(
        merge(&server, &format!("{path}/status"), nothing)
            .await
            .code,
        422
    );
    let mut stored = get(&server, &path).await.body;
    stored["status"] = json!({});
    let updated = put(&server, &path, stored).await;
    assert_eq!(
        updated.body["status"]["conditions"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn what_is_no_signing_request_is_refused() {
    let server = ApiServer::new();
    let mut garbled = asking("a", "example.com/mine");
    garbled["spec"]["request"] = STANDARD.encode("not PEM").into();
    garbled["spec"]["usages"] = json!(["client auth", "client auth", "fun"]);
    garbled["spec"]["signerName"] = "mine".into();
    let refused = post(&server, REQUESTS, garbled).await;
    assert_eq!(refused.code, 422);
    let causes = refused.body["details"]["causes"].as_array().unwrap();
    let fields: Vec<_> = causes
        .iter()
        .map(|cause| cause["field"].as_str().unwrap())
        .collect();
    let wanted = [
        "spec.request",
        "spec.usages[1]",
        "spec.usages[2]",
        "spec.signerName",
    ];
    assert_eq!(fields, wanted);
}

#[tokio::test]
async fn approving_and_asking_for_masters_takes_more_than_access() {
    let server = ApiServer::builder()
        .authorization_mode(AuthorizationMode::Rbac)
        .build();
    let rules = json!([
        {"apiGroups": ["certificates.k8s.io"], "resources": ["*"], "resourceNames": ["a"],
         "verbs": ["get", "patch", "update"]},
        {"apiGroups": ["certificates.k8s.io"], "resources": ["certificatesigningrequests"], "verbs": ["create"]},
    ]);
    let access = "/apis/rbac.authorization.k8s.io/v1";
    let role = json!({"metadata": {"name": "r"}, "rules": rules});
    post(&server, &format!("{access}/clusterroles"), role).await;
    let binding = json!({
        "metadata": {"name": "r"},
        "roleRef": {"kind": "ClusterRole", "name": "r"},
        "subjects": [{"kind": "User", "name": "jane"}],
    });
    post(&server, &format!("{access}/clusterrolebindings"), binding).await;
    let jane = server.acting_as(User::new("jane"));
    assert_eq!(
        post(&jane, REQUESTS, asking("a", "example.com/mine"))
            .await
            .code,
        201
    );
    let approved = json!({"status": {"conditions": [{"type": "Approved", "status": "True"}]}});
    let refused = merge(&jane, &format!("{REQUESTS}/a/approval"), approved).await;
    assert_eq!(refused.code, 403);
    let message = refused.body["message"].as_str().unwrap();
    assert!(
        message.contains("not permitted to approve requests"),
        "{message}"
    );

    let mut greedy = asking("b", "kubernetes.io/kube-apiserver-client");
    greedy["spec"]["request"] = signing_request("system:masters").into();
    let refused = call(
        &jane,
        http::Method::POST,
        REQUESTS,
        "application/json",
        greedy,
    )
    .await;
    assert_eq!(refused.code, 403);
}
