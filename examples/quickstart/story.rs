//! What happens to the websites while the controller runs, and how one sees that it followed.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use futures::stream;
use futures::{FutureExt as _, StreamExt as _};
use kubekit_core::{Namespace, ObjectKey, Patch};
use kubekit_examples::narrator::Narrator;
use kubekit_examples::website::Website;
use kubekit_rest::{Api, RestClient};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::controller::Controller;

/// How long the controller may take for one thing.
const PATIENCE: Duration = Duration::from_secs(120);

/// Changes websites and waits until the controller has followed.
pub(crate) struct Story<'a> {
    pub(crate) client: &'a RestClient,
    pub(crate) namespace: &'a Namespace,
    pub(crate) controller: &'a Controller,
    pub(crate) narrator: &'a Arc<Narrator>,
}

impl Story<'_> {
    /// Creates the websites, several at a time, and waits until all that have a page are ready.
    pub(crate) async fn create(&self, websites: Vec<Website>) -> anyhow::Result<()> {
        self.narrator
            .headline(format_args!("{} websites are created", websites.len()));
        let with_page = websites.iter().filter(|site| !site.spec.html.is_empty());
        let mut pending: HashSet<_> = with_page
            .map(|site| self.key_of(site.metadata.name.as_deref().unwrap_or_default()))
            .collect();
        let patience = PATIENCE * (1 + u32::try_from(websites.len() / 1000)?);
        let in_time =
            timeout(patience, self.ready(&mut pending)).map(|ready| ready.unwrap_or(Ok(())));
        tokio::try_join!(self.create_all(websites), in_time)?;
        match pending.iter().min() {
            None => Ok(()),
            Some(first) => bail!(
                "after {patience:?} there are still {} websites that are not ready, {first} among them ({}); does something \
                 here make Deployments run?",
                pending.len(),
                self.state_of(first),
            ),
        }
    }

    async fn create_all(&self, websites: Vec<Website>) -> anyhow::Result<()> {
        let api = self.websites();
        let mut creations = stream::iter(websites)
            .map(|site| api.create(&site).into_future())
            .buffer_unordered(16);
        while let Some(created) = creations.next().await {
            match created {
                // Left over from a run that was cut short.
                Err(error) if error.is_already_exists() => {}
                other => drop(other.context("cannot create a website")?),
            }
        }
        Ok(())
    }

    /// Waits until all of these websites are ready.
    async fn ready(&self, pending: &mut HashSet<ObjectKey>) -> anyhow::Result<()> {
        let all = pending.len();
        let mut events = self.controller.websites.subscribe();
        while !pending.is_empty() {
            let event = events.next().await.context("the informer has stopped")?;
            if event.object().is_ready() {
                pending.remove(event.key());
                self.narrator.progress((all - pending.len()) as u64);
            }
        }
        Ok(())
    }

    /// Scales a website.
    pub(crate) async fn scale(&self, name: &str, replicas: i32) -> anyhow::Result<()> {
        self.narrator
            .headline(format_args!("{name} needs {replicas} replicas"));
        self.change(name, json!({ "spec": { "replicas": replicas } }))
            .await?;
        let (key, deployments) = (self.key_of(name), self.controller.deployments.lister());
        self.until("the Deployment is scaled and the website is ready", || {
            let scale = deployments
                .get(&key)
                .and_then(|deployment| deployment.spec.as_ref()?.replicas);
            scale == Some(replicas) && self.is_ready(&key)
        })
        .await
    }

    /// Writes a new page.
    pub(crate) async fn publish(&self, name: &str, html: &str) -> anyhow::Result<()> {
        self.narrator
            .headline(format_args!("{name} gets a new page"));
        self.change(name, json!({ "spec": { "html": html } }))
            .await?;
        let (key, maps) = (self.key_of(name), self.controller.config_maps.lister());
        self.until(
            "the ConfigMap has the page and the website is ready",
            || {
                let page = maps
                    .get(&key)
                    .and_then(|map| map.data.as_ref()?.get("index.html").cloned());
                page.as_deref() == Some(html) && self.is_ready(&key)
            },
        )
        .await
    }

    /// Deletes a ConfigMap behind the controller's back.
    pub(crate) async fn sabotage(&self, name: &str) -> anyhow::Result<()> {
        self.narrator
            .headline(format_args!("somebody deletes the ConfigMap of {name}"));
        let (key, maps) = (self.key_of(name), self.controller.config_maps.lister());
        let before = maps.get(&key).and_then(|map| map.metadata.uid.clone());
        let api = self
            .client
            .api::<k8s_openapi::api::core::v1::ConfigMap, _>(self.namespace.clone());
        api.delete(name).await?;
        self.until("the ConfigMap is there again", || {
            maps.get(&key).is_some_and(|map| map.metadata.uid != before)
        })
        .await
    }

    /// Deletes a website, which goes once its finalizer has done its work.
    pub(crate) async fn delete(&self, name: &str) -> anyhow::Result<()> {
        self.narrator.headline(format_args!("{name} is deleted"));
        self.websites().delete(name).await?;
        let key = self.key_of(name);
        self.until("the website is gone with all that belongs to it", || {
            self.is_gone(&key)
        })
        .await?;
        self.narrator.tell_anyway(name, "is gone");
        Ok(())
    }

    /// Deletes all websites and waits until they are gone.
    pub(crate) async fn delete_all(&self) -> anyhow::Result<()> {
        self.narrator.headline("all websites are deleted");
        self.websites().delete_collection().await?;
        let lister = self.controller.websites.lister();
        self.until("all websites are gone", || lister.snapshot().is_empty())
            .await
    }

    fn websites(&self) -> Api<Website, Namespace> {
        self.client.api(self.namespace.clone())
    }

    async fn change(&self, name: &str, patch: Value) -> anyhow::Result<()> {
        self.websites().patch(name, Patch::merge(&patch)?).await?;
        // The cache must have seen the change before it is asked whether the website is ready.
        let generation = self.websites().get(name).await?.metadata.generation;
        let (key, lister) = (self.key_of(name), self.controller.websites.lister());
        self.until("the change arrives", || {
            lister
                .get(&key)
                .is_some_and(|site| site.metadata.generation >= generation)
        })
        .await
    }

    /// Waits until something is true, looking again after each change that the informers tell of.
    async fn until(&self, what: &str, mut holds: impl FnMut() -> bool) -> anyhow::Result<()> {
        let sites = self.controller.websites.subscribe().map(drop);
        let maps = self.controller.config_maps.subscribe().map(drop);
        let deployments = self.controller.deployments.subscribe().map(drop);
        let mut changes = stream::select(sites, stream::select(maps, deployments));
        let wait = async {
            while !holds() {
                changes.next().await.context("the informers have stopped")?;
            }
            Ok(())
        };
        timeout(PATIENCE, wait)
            .await
            .with_context(|| format!("after {PATIENCE:?} it is still not true that {what}"))?
    }

    /// Says what the website's own status says.
    fn state_of(&self, key: &ObjectKey) -> String {
        let site = self.controller.websites.lister().get(key);
        let status = site.as_ref().and_then(|site| site.status.as_ref());
        let condition = status.and_then(|status| status.conditions.first());
        condition.map_or_else(
            || "it has no status yet".to_owned(),
            |condition| condition.message.clone(),
        )
    }

    fn is_ready(&self, key: &ObjectKey) -> bool {
        self.controller
            .websites
            .lister()
            .get(key)
            .is_some_and(|site| site.is_ready())
    }

    fn is_gone(&self, key: &ObjectKey) -> bool {
        let controller = self.controller;
        controller.websites.lister().get(key).is_none()
            && controller.config_maps.lister().get(key).is_none()
            && controller.deployments.lister().get(key).is_none()
    }

    fn key_of(&self, name: &str) -> ObjectKey {
        ObjectKey::namespaced(self.namespace.name(), name)
    }
}
