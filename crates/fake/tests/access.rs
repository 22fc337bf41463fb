//! Who sends a request, and what they may do.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use kubekit_fake::{ApiServer, Attributes, AuthorizationMode, Decision, Target, TokenTable, User};
use serde_json::{Value, json};
use support::{MAPS, get, post, send};

const TOKENS: &str = "admintoken,admin,admin,system:masters\nplaintoken,plain,plain,dev\n";
const WHO: &str = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

fn guarded() -> ApiServer {
    ApiServer::builder()
        .tokens(TokenTable::parse(TOKENS).unwrap())
        .authorization_mode(AuthorizationMode::Rbac)
        .build()
}

async fn call(
    server: &ApiServer,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Value,
) -> (u16, Value) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = match body {
        Value::Null => Bytes::new(),
        body => body.to_string().into(),
    };
    let response = send(server, request.body(Full::from(body)).unwrap()).await;
    let code = response.status().as_u16();
    let bytes = response.collect().await.unwrap().to_bytes();
    let text = || Value::from(String::from_utf8_lossy(&bytes));
    (
        code,
        serde_json::from_slice(&bytes).unwrap_or_else(|_| text()),
    )
}

async fn read(server: &ApiServer, path: &str, headers: &[(&str, &str)]) -> (u16, Value) {
    call(server, Method::GET, path, headers, Value::Null).await
}

async fn who(server: &ApiServer, headers: &[(&str, &str)]) -> Value {
    let (code, review) = call(server, Method::POST, WHO, headers, json!({})).await;
    assert_eq!(code, 201, "{review}");
    review["status"]["userInfo"].clone()
}

const ADMIN: (&str, &str) = ("authorization", "Bearer admintoken");
const PLAIN: (&str, &str) = ("authorization", "Bearer plaintoken");

#[tokio::test]
async fn without_credentials_to_tell_apart_everybody_is_the_administrator() {
    let server = ApiServer::new();
    for headers in [&[][..], &[("authorization", "Bearer anything")]] {
        assert_eq!(
            who(&server, headers).await,
            json!({"username": "admin", "uid": "admin", "groups": ["system:masters", "system:authenticated"]})
        );
    }
}

#[tokio::test]
async fn a_bad_token_is_refused_even_where_nobody_needs_one() {
    let server = guarded();
    let (code, status) = read(&server, "/healthz", &[("authorization", "Bearer wrong")]).await;
    assert_eq!((code, &status["reason"]), (401, &json!("Unauthorized")));
    let (code, _) = read(&server, "/healthz", &[]).await;
    assert_eq!(code, 200);
}

#[tokio::test]
async fn who_shows_nothing_that_is_understood_is_anonymous() {
    let server = guarded();
    for headers in [
        &[][..],
        &[("authorization", "Basic YTpi")],
        &[("authorization", "Bearer")],
    ] {
        let (code, status) = read(&server, MAPS, headers).await;
        assert_eq!(code, 403);
        assert_eq!(
            status["message"],
            "configmaps is forbidden: User \"system:anonymous\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"default\""
        );
    }
}

#[tokio::test]
async fn authorization_comes_before_existence() {
    let server = guarded();
    let paths = [
        format!("{MAPS}/none"),
        "/api/v1/namespaces/default/gadgets".to_owned(),
        "/apis/no.such.group/v1/things".to_owned(),
        "/no/such/path".to_owned(),
    ];
    for path in &paths {
        assert_eq!(read(&server, path, &[PLAIN]).await.0, 403, "{path}");
        assert_eq!(read(&server, path, &[ADMIN]).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn a_namespace_is_in_itself() {
    let server = guarded();
    let (_, status) = read(&server, "/api/v1/namespaces/default", &[PLAIN]).await;
    let message = status["message"].as_str().unwrap();
    assert!(
        message.ends_with("in the namespace \"default\""),
        "{message}"
    );
}

#[tokio::test]
async fn impersonation_takes_over_the_whole_user() {
    let server = guarded();
    let headers = [
        ADMIN,
        ("impersonate-user", "jane"),
        ("impersonate-group", "devs"),
        ("impersonate-group", "ops"),
        ("impersonate-uid", "u-1"),
        ("impersonate-extra-example.com%2fteam", "blue"),
    ];
    assert_eq!(
        who(&server, &headers).await,
        json!({
            "username": "jane",
            "uid": "u-1",
            "groups": ["devs", "ops", "system:authenticated"],
            "extra": {"example.com/team": ["blue"]},
        })
    );
    let account = [
        ADMIN,
        ("impersonate-user", "system:serviceaccount:default:robot"),
    ];
    assert_eq!(
        who(&server, &account).await["groups"],
        json!([
            "system:serviceaccounts",
            "system:serviceaccounts:default",
            "system:authenticated"
        ])
    );
}

#[tokio::test]
async fn who_may_not_impersonate_is_refused() {
    let server = guarded();
    let (code, _) = read(&server, "/version", &[PLAIN, ("impersonate-user", "admin")]).await;
    assert_eq!(code, 403);
    let (code, status) = read(&server, "/version", &[ADMIN, ("impersonate-group", "ops")]).await;
    assert_eq!((code, &status["reason"]), (400, &json!("BadRequest")));
}

#[tokio::test]
async fn impersonation_can_be_granted_for_one_user_and_one_verb() {
    let server = guarded();
    let rules = json!([
        {"apiGroups": ["authentication.k8s.io"], "resources": ["users"], "resourceNames": ["admin"],
         "verbs": ["impersonate:user-info"]},
        {"apiGroups": ["authentication.k8s.io"], "resources": ["groups"],
         "verbs": ["impersonate:user-info"]},
        {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["impersonate-on:user-info:list"]},
    ]);
    grant(&server, "impersonators", rules).await;
    let acting = [
        PLAIN,
        ("impersonate-user", "admin"),
        ("impersonate-group", "system:masters"),
    ];
    assert_eq!(read(&server, MAPS, &acting).await.0, 200);
    assert_eq!(read(&server, "/api/v1/nodes", &acting).await.0, 403);
    assert_eq!(
        read(&server, MAPS, &[PLAIN, ("impersonate-user", "root")])
            .await
            .0,
        403
    );
}

#[tokio::test]
async fn an_authorizer_is_asked_before_all_that_decides_otherwise() {
    let server = ApiServer::builder()
        .authorizer(|attributes: &Attributes| match &attributes.target {
            Target::Resource(target) if target.resource == "secrets" => {
                Decision::Deny(format!("{} is not for you", target.resource))
            }
            _ => Decision::NoOpinion,
        })
        .build();
    assert_eq!(get(&server, MAPS).await.code, 200);
    let refused = get(&server, "/api/v1/namespaces/default/secrets").await;
    assert_eq!(refused.code, 403);
    let message = refused.body["message"].as_str().unwrap();
    assert!(message.ends_with(": secrets is not for you"), "{message}");
}

#[tokio::test]
async fn a_handle_can_act_as_a_user() {
    let server = guarded();
    let jane = server.acting_as(User::new("jane").group("devs"));
    assert_eq!(
        who(&jane, &[]).await["groups"],
        json!(["devs", "system:authenticated"])
    );
    assert_eq!(get(&jane, MAPS).await.code, 403);
    assert_eq!(get(&server.acting_as(User::admin()), MAPS).await.code, 200);
    assert_eq!(
        get(&server, MAPS).await.code,
        403,
        "the first handle is nobody's"
    );
}

#[tokio::test]
async fn reviews_answer_for_oneself_and_for_others() {
    let server = guarded();
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let question = json!({"spec": {"resourceAttributes": {
        "namespace": "default", "verb": "get", "resource": "configmaps",
    }}});
    let (_, own) = call(&server, Method::POST, path, &[PLAIN], question.clone()).await;
    assert_eq!(own["status"], json!({"allowed": false}));
    let rules = json!([{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]}]);
    grant(&server, "readers", rules).await;
    let (_, own) = call(&server, Method::POST, path, &[PLAIN], question.clone()).await;
    assert_eq!(own["status"]["allowed"], true);
    assert_eq!(
        own["status"]["reason"],
        "RBAC: allowed by ClusterRoleBinding \"readers\" of ClusterRole \"readers\" to User \"plain\""
    );

    let path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    let mut about = question;
    about["spec"]["user"] = "jane".into();
    let (code, other) = call(&server, Method::POST, path, &[ADMIN], about.clone()).await;
    assert_eq!((code, &other["status"]), (201, &json!({"allowed": false})));
    assert_eq!(
        call(&server, Method::POST, path, &[PLAIN], about).await.0,
        403
    );
}

#[tokio::test]
async fn a_question_is_about_one_thing_and_somebody() {
    let server = guarded();
    let admin = server.acting_as(User::admin());
    let path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    let empty = post(&admin, path, json!({"spec": {}})).await;
    assert_eq!(empty.code, 422);
    let fields: Vec<_> = empty.body["details"]["causes"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    let fields: Vec<_> = fields
        .iter()
        .map(|cause| cause["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["spec.resourceAttributes", "spec.user"]);

    let path = "/apis/authorization.k8s.io/v1/namespaces/default/localsubjectaccessreviews";
    let elsewhere = json!({"spec": {"user": "jane", "resourceAttributes": {
        "namespace": "kube-system", "verb": "get", "resource": "pods",
    }}});
    assert_eq!(post(&admin, path, elsewhere).await.code, 422);
}

#[tokio::test]
async fn rules_are_listed_for_a_namespace() {
    let server = guarded();
    let path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
    let question = json!({"spec": {"namespace": "default"}});
    let (code, review) = call(&server, Method::POST, path, &[PLAIN], question).await;
    assert_eq!(code, 201);
    let status = &review["status"];
    assert_eq!(status["incomplete"], false);
    let rules = status["resourceRules"].as_array().unwrap();
    let own = json!({
        "verbs": ["create"], "apiGroups": ["authentication.k8s.io"], "resources": ["selfsubjectreviews"],
    });
    assert!(rules.contains(&own), "{rules:?}");
    assert!(!status["nonResourceRules"].as_array().unwrap().is_empty());
    let (code, _) = call(&server, Method::POST, path, &[PLAIN], json!({"spec": {}})).await;
    assert_eq!(code, 400);
}

#[tokio::test]
async fn reviews_are_not_stored() {
    let server = ApiServer::new();
    let before = server.revision();
    who(&server, &[]).await;
    assert_eq!(server.revision(), before);
}

/// Gives user `plain` these rules everywhere.
async fn grant(server: &ApiServer, name: &str, rules: Value) {
    const RULES: &str = "/apis/rbac.authorization.k8s.io/v1";
    let admin = server.acting_as(User::admin());
    let role = json!({"metadata": {"name": name}, "rules": rules});
    let answer = post(&admin, &format!("{RULES}/clusterroles"), role).await;
    assert_eq!(answer.code, 201, "{}", answer.body);
    let binding = json!({
        "metadata": {"name": name},
        "roleRef": {"kind": "ClusterRole", "name": name},
        "subjects": [{"kind": "User", "name": "plain"}],
    });
    let answer = post(&admin, &format!("{RULES}/clusterrolebindings"), binding).await;
    assert_eq!(answer.code, 201, "{}", answer.body);
}
