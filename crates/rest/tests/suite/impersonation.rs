//! For whom a client acts.

use kubekit_config::{Auth, Impersonate};
use kubekit_rest::RestClient;

use crate::support::config;
use crate::support::script::{Script, json as answer};

#[tokio::test]
async fn user_uid_groups_and_extra_are_headers() {
    let script = Script::new([answer(200, "{}"), answer(200, "{}")]);
    let whom = Impersonate::user("jane@example.com")
        .uid("u-1")
        .group("dev")
        .group("system:masters")
        .extra("scopes", "a")
        .extra("scopes", "b,c")
        .extra("example.com/team", "x");
    let client = RestClient::builder(&config().auth(Auth::new().impersonate(whom)))
        .transport(script.clone())
        .build()
        .expect("a client");
    client.get("/").bytes().await.expect("an answer");
    let by_hand = client.get("/").header("impersonate-user", "joe");
    by_hand.bytes().await.expect("an answer");

    let requests = script.requests();
    let all = |name: &str| -> Vec<_> {
        let values = requests[0].headers.get_all(name);
        values
            .iter()
            .map(|value| value.to_str().expect("text"))
            .collect()
    };
    assert_eq!(all("impersonate-user"), ["jane@example.com"]);
    assert_eq!(all("impersonate-uid"), ["u-1"]);
    assert_eq!(all("impersonate-group"), ["dev", "system:masters"]);
    assert_eq!(all("impersonate-extra-scopes"), ["a", "b,c"]);
    assert_eq!(all("impersonate-extra-example.com%2fteam"), ["x"]);

    assert_eq!(requests[1].header("impersonate-user"), Some("joe"));
    assert_eq!(requests[1].header("impersonate-group"), None);
}

#[test]
fn groups_without_a_user_are_refused() {
    let auth = Auth::new().impersonate(Impersonate::default().group("dev"));
    let error = RestClient::new(&config().auth(auth)).expect_err("nobody to act for");
    assert!(error.is_config());
}
