//! From what a website wants to what is there.

use std::collections::BTreeMap;

use anyhow::Context as _;
use k8s_openapi::Metadata;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use k8s_openapi::jiff::Timestamp;
use kubekit_cache::Lister;
use kubekit_core::{Namespace, ObjectKey, Patch};
use kubekit_examples::narrator::Narrator;
use kubekit_examples::website::Website;
use kubekit_rest::{Api, Error};
use serde_json::{Value, json};

/// Keeps a website from going before what belongs to it is gone.
pub(crate) const FINALIZER: &str = "demo.kubekit.dev/clean-up";

/// Marks what belongs to a website.
pub(crate) const MANAGED_BY: (&str, &str) = ("app.kubernetes.io/managed-by", "kubekit-quickstart");

/// Everything a reconciliation needs: requests go through the APIs, reads come from the caches.
pub(crate) struct Reconciler {
    pub(crate) websites: Api<Website, Namespace>,
    pub(crate) config_maps: Api<ConfigMap, Namespace>,
    pub(crate) deployments: Api<Deployment, Namespace>,
    pub(crate) website_lister: Lister<Website>,
    pub(crate) config_map_lister: Lister<ConfigMap>,
    pub(crate) deployment_lister: Lister<Deployment>,
    pub(crate) narrator: std::sync::Arc<Narrator>,
}

impl Reconciler {
    /// Brings the cluster closer to what the website wants; called again whenever something changes.
    pub(crate) async fn reconcile(&self, key: &ObjectKey) -> anyhow::Result<()> {
        let Some(site) = self.website_lister.get(key) else {
            return Ok(());
        };
        if site.metadata.deletion_timestamp.is_some() {
            return self.clean_up(key, &site).await;
        }
        self.ensure_finalizer(key, &site).await?;
        if site.spec.html.trim().is_empty() {
            self.report(
                key,
                &site,
                Readiness::failed("EmptyPage", "the page is empty"),
            )
            .await?;
            anyhow::bail!("the page is empty");
        }
        self.ensure_config_map(key, &site)
            .await
            .context("the ConfigMap")?;
        self.ensure_deployment(key, &site)
            .await
            .context("the Deployment")?;
        self.report(key, &site, self.readiness(key, &site)).await
    }

    async fn ensure_finalizer(&self, key: &ObjectKey, site: &Website) -> anyhow::Result<()> {
        let mut finalizers = site.metadata.finalizers.clone().unwrap_or_default();
        if finalizers.iter().any(|finalizer| finalizer == FINALIZER) {
            return Ok(());
        }
        finalizers.push(FINALIZER.to_owned());
        self.set_finalizers(key, site, &finalizers).await
    }

    async fn clean_up(&self, key: &ObjectKey, site: &Website) -> anyhow::Result<()> {
        let mut finalizers = site.metadata.finalizers.clone().unwrap_or_default();
        if !finalizers.iter().any(|finalizer| finalizer == FINALIZER) {
            return Ok(());
        }
        absent_is_fine(self.deployments.delete(key.name()).await)?;
        absent_is_fine(self.config_maps.delete(key.name()).await)?;
        self.narrator.tell(
            key.name(),
            "cleaned up: its Deployment and ConfigMap are gone",
        );
        finalizers.retain(|finalizer| finalizer != FINALIZER);
        self.set_finalizers(key, site, &finalizers).await?;
        Ok(())
    }

    /// Sets the finalizers of the state that was seen; if there is a newer one this is a conflict, and the next attempt sees it.
    async fn set_finalizers(
        &self,
        key: &ObjectKey,
        site: &Website,
        finalizers: &[String],
    ) -> anyhow::Result<()> {
        let patch = json!({ "metadata": {
            "resourceVersion": site.metadata.resource_version,
            "finalizers": finalizers,
        }});
        absent_is_fine(self.websites.patch(key.name(), Patch::merge(&patch)?).await)?;
        Ok(())
    }

    async fn ensure_config_map(&self, key: &ObjectKey, site: &Website) -> anyhow::Result<()> {
        let data = BTreeMap::from([("index.html".to_owned(), site.spec.html.clone())]);
        match self.config_map_lister.get(key) {
            Some(present) if present.data.as_ref() == Some(&data) => Ok(()),
            Some(_) => {
                let patch = Patch::merge(&json!({ "data": data }))?;
                self.config_maps.patch(key.name(), patch).await?;
                self.narrator
                    .tell(key.name(), "updated the ConfigMap with the new page");
                Ok(())
            }
            None => {
                let mut wanted = ConfigMap {
                    data: Some(data),
                    ..ConfigMap::default()
                };
                claim(&mut wanted.metadata, key, site);
                if created(
                    self.config_maps.create(&wanted).await,
                    self.config_maps.get(key.name()),
                    site,
                )
                .await?
                {
                    self.narrator.tell(key.name(), "created the ConfigMap");
                }
                Ok(())
            }
        }
    }

    async fn ensure_deployment(&self, key: &ObjectKey, site: &Website) -> anyhow::Result<()> {
        let replicas = site.spec.replicas;
        let Some(present) = self.deployment_lister.get(key) else {
            let wanted = deployment(key, site)?;
            if created(
                self.deployments.create(&wanted).await,
                self.deployments.get(key.name()),
                site,
            )
            .await?
            {
                self.narrator.tell(
                    key.name(),
                    format_args!("created the Deployment with {replicas} replicas"),
                );
            }
            return Ok(());
        };
        let scale = present.spec.as_ref().and_then(|spec| spec.replicas);
        if scale != Some(replicas) {
            let patch = Patch::merge(&json!({ "spec": { "replicas": replicas } }))?;
            self.deployments.patch(key.name(), patch).await?;
            self.narrator.tell(
                key.name(),
                format_args!("scaled the Deployment to {replicas} replicas"),
            );
        }
        Ok(())
    }

    fn readiness(&self, key: &ObjectKey, site: &Website) -> Readiness {
        let ready = self.deployment_lister.get(key).and_then(|deployment| {
            let status = deployment.status.as_ref()?;
            (status.observed_generation == deployment.metadata.generation)
                .then_some(status.ready_replicas)?
        });
        let wanted = site.spec.replicas;
        let ready = ready.unwrap_or_default().min(wanted);
        let message = format!("{ready} of {wanted} replicas serve the page");
        Readiness {
            ready: ready == wanted,
            reason: if ready == wanted {
                "Serving"
            } else {
                "Starting"
            },
            message,
        }
    }

    async fn report(
        &self,
        key: &ObjectKey,
        site: &Website,
        readiness: Readiness,
    ) -> anyhow::Result<()> {
        let generation = site.metadata.generation;
        let present = site.status.as_ref();
        let condition =
            present.and_then(|status| status.conditions.iter().find(|c| c.type_ == "Ready"));
        let status = readiness.status();
        if let (Some(present), Some(condition)) = (present, condition)
            && present.observed_generation == generation
            && (condition.status.as_str(), &condition.message) == (status, &readiness.message)
        {
            return Ok(());
        }
        let since = match condition {
            Some(condition) if condition.status == status => condition.last_transition_time.0,
            _ => Timestamp::now(),
        };
        if readiness.ready {
            self.narrator
                .tell(key.name(), format_args!("is ready: {}", readiness.message));
        }
        let patch = Patch::merge(&readiness.patch(generation, since))?;
        absent_is_fine(self.websites.status().patch(key.name(), patch).await)?;
        Ok(())
    }
}

/// Whether a website serves its page, and why not.
struct Readiness {
    ready: bool,
    reason: &'static str,
    message: String,
}

impl Readiness {
    fn failed(reason: &'static str, message: &str) -> Self {
        Self {
            ready: false,
            reason,
            message: message.to_owned(),
        }
    }

    fn status(&self) -> &'static str {
        if self.ready { "True" } else { "False" }
    }

    fn patch(&self, generation: Option<i64>, since: Timestamp) -> Value {
        json!({ "status": {
            "observedGeneration": generation,
            "conditions": [{
                "type": "Ready",
                "status": self.status(),
                "observedGeneration": generation,
                "lastTransitionTime": since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
                "reason": self.reason,
                "message": self.message,
            }],
        }})
    }
}

/// Names an object after its website and makes it belong to it.
fn claim(metadata: &mut ObjectMeta, key: &ObjectKey, site: &Website) {
    metadata.name = Some(key.name().to_owned());
    metadata.labels = Some(labels(key));
    metadata.owner_references = Some(vec![OwnerReference {
        api_version: site.api_version.clone(),
        kind: site.kind.clone(),
        name: key.name().to_owned(),
        uid: site.metadata.uid.clone().unwrap_or_default(),
        controller: Some(true),
        block_owner_deletion: Some(true),
    }]);
}

fn labels(key: &ObjectKey) -> BTreeMap<String, String> {
    [MANAGED_BY, ("app.kubernetes.io/name", key.name())]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn deployment(key: &ObjectKey, site: &Website) -> anyhow::Result<Deployment> {
    let labels = labels(key);
    let mut deployment: Deployment = serde_json::from_value(json!({
        "spec": {
            "replicas": site.spec.replicas,
            "selector": { "matchLabels": labels },
            "template": {
                "metadata": { "labels": labels },
                "spec": {
                    "containers": [{
                        "name": "web",
                        "image": "nginx:1.29-alpine",
                        "ports": [{ "containerPort": 80 }],
                        "volumeMounts": [{ "name": "page", "mountPath": "/usr/share/nginx/html" }],
                    }],
                    "volumes": [{ "name": "page", "configMap": { "name": key.name() } }],
                },
            },
        },
    }))?;
    claim(&mut deployment.metadata, key, site);
    Ok(deployment)
}

/// Says whether an object was created. One that was there before is fine if it is ours and the cache only has not seen it yet;
/// once it does, there is another reconciliation.
async fn created<K: Metadata<Ty = ObjectMeta>>(
    creation: Result<K, Error>,
    present: impl IntoFuture<Output = Result<K, Error>>,
    site: &Website,
) -> anyhow::Result<bool> {
    match creation {
        Ok(_) => Ok(true),
        Err(error) if error.is_already_exists() => {
            let present = present.await?;
            let owners = present.metadata().owner_references.iter().flatten();
            let ours = owners
                .into_iter()
                .any(|owner| Some(&owner.uid) == site.metadata.uid.as_ref());
            anyhow::ensure!(
                ours,
                "an object of that name is there already and belongs to somebody else"
            );
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// What is to be deleted or patched may be gone already; then there is nothing left to do.
fn absent_is_fine<T>(result: Result<T, Error>) -> Result<(), Error> {
    match result {
        Ok(_) => Ok(()),
        Err(error) if error.is_not_found() => Ok(()),
        Err(error) => Err(error),
    }
}
