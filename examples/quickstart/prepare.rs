//! What must be there before the controller starts, and goes after it.

use std::time::Duration;

use anyhow::Context as _;
use k8s_openapi::api::core::v1;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kubekit_core::{Cluster, Namespace};
use kubekit_examples::manifests;
use kubekit_rest::{Api, Error, RestClient};
use tokio::time::{sleep, timeout};

/// How long the API server may take to serve a new definition.
const PATIENCE: Duration = Duration::from_secs(30);

/// Creates the namespace and the definition of websites, where they are missing, and waits until websites are served.
pub(crate) async fn prepare(client: &RestClient, namespace: &Namespace) -> anyhow::Result<()> {
    let mut wanted = v1::Namespace::default();
    wanted.metadata.name = Some(namespace.name().to_owned());
    let namespaces: Api<v1::Namespace, Cluster> = client.api(Cluster);
    presence_is_fine(namespaces.create(&wanted).await).context("cannot create the namespace")?;

    let definitions: Api<CustomResourceDefinition, Cluster> = client.api(Cluster);
    for definition in manifests::load::<CustomResourceDefinition>("crd.yaml")? {
        let name = definition.metadata.name.clone().unwrap_or_default();
        presence_is_fine(definitions.create(&definition).await)
            .context("cannot create the definition")?;
        timeout(PATIENCE, established(&definitions, &name))
            .await
            .with_context(|| {
                format!("the API server does not serve {name} after {PATIENCE:?}")
            })??;
    }
    Ok(())
}

/// Deletes what [`prepare`] created.
pub(crate) async fn clean_up(client: &RestClient, namespace: &Namespace) -> anyhow::Result<()> {
    client
        .api::<v1::Namespace, _>(Cluster)
        .delete(namespace.name())
        .await?;
    for definition in manifests::load::<CustomResourceDefinition>("crd.yaml")? {
        let name = definition.metadata.name.unwrap_or_default();
        client
            .api::<CustomResourceDefinition, _>(Cluster)
            .delete(&name)
            .await?;
    }
    Ok(())
}

async fn established(
    api: &Api<CustomResourceDefinition, Cluster>,
    name: &str,
) -> Result<(), Error> {
    loop {
        let definition = api.get(name).await?;
        let mut conditions = definition
            .status
            .into_iter()
            .flat_map(|status| status.conditions.unwrap_or_default());
        if conditions
            .any(|condition| condition.type_ == "Established" && condition.status == "True")
        {
            return Ok(());
        }
        sleep(Duration::from_millis(100)).await;
    }
}

fn presence_is_fine<T>(result: Result<T, Error>) -> Result<(), Error> {
    match result {
        Ok(_) => Ok(()),
        Err(error) if error.is_already_exists() => Ok(()),
        Err(error) => Err(error),
    }
}
