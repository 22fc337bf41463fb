//! What a cluster has and an API server alone has not: something that makes Deployments run.

use k8s_openapi::api::apps::v1::Deployment;
use kubekit_cache::SharedInformer;
use kubekit_core::{Namespace, Patch};
use kubekit_rest::{Api, RestClient};
use serde_json::{Value, json};

/// Stands in for the deployment controller: declares all replicas of each Deployment ready, until it is dropped.
pub async fn run_deployments(client: RestClient, namespace: Namespace) {
    let deployments: Api<Deployment, Namespace> = client.api(namespace);
    let mut events = SharedInformer::builder(deployments.clone())
        .start()
        .subscribe();
    while let Some(event) = events.next().await {
        let deployment = event.object();
        let (Some(name), Some(status)) = (
            deployment.metadata.name.as_deref(),
            missing_status(deployment),
        ) else {
            continue;
        };
        // A failure shows as a Deployment that does not become ready; its next change is the next attempt.
        if let Ok(patch) = Patch::merge(&status) {
            let _ = deployments.status().patch(name, patch).await;
        }
    }
}

fn missing_status(deployment: &Deployment) -> Option<Value> {
    let wanted = deployment.spec.as_ref()?.replicas.unwrap_or(1);
    let status = deployment.status.as_ref();
    let current = status.is_some_and(|status| {
        status.observed_generation == deployment.metadata.generation
            && status.ready_replicas.unwrap_or_default() == wanted
    });
    (!current).then(|| {
        json!({ "status": {
            "observedGeneration": deployment.metadata.generation,
            "replicas": wanted,
            "updatedReplicas": wanted,
            "readyReplicas": wanted,
            "availableReplicas": wanted,
        }})
    })
}
