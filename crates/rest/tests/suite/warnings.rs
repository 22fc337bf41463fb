//! What the server warns of.

use std::sync::Arc;

use k8s_openapi::api::core::v1::ConfigMap;
use kubekit_core::Namespace;
use kubekit_rest::{RequestInfo, RestClient};
use parking_lot::Mutex;

use crate::support::script::{Script, json as answer};
use crate::support::{config, map_json};

#[tokio::test(start_paused = true)]
async fn warnings_of_the_final_answer_are_handed_out() {
    let script = Script::new([
        answer(503, "").header("warning", r#"299 - "from an answer that was retried""#),
        answer(200, map_json("a"))
            .header("warning", r#"299 - "policy/v1beta1 is deprecated""#)
            .header(
                "warning",
                r#"299 - "unknown field \"spec.x\"", 299 gate "slow""#,
            )
            .header("warning", r#"199 - "miscellaneous""#),
    ]);
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&heard);
    let client = RestClient::builder(&config())
        .transport(script.clone())
        .on_warning(move |warning| {
            let verb = warning.request.map_or("none", RequestInfo::verb);
            let line = format!("{verb} {} {}", warning.agent, warning.text);
            listener.lock().push(line);
        })
        .build()
        .expect("a client");
    let maps = client.api::<ConfigMap, _>(Namespace::new("shop"));
    maps.get("a").await.expect("a map");
    assert_eq!(
        *heard.lock(),
        [
            "get - policy/v1beta1 is deprecated",
            r#"get - unknown field "spec.x""#,
            "get gate slow",
        ]
    );
}
