//! The eviction subresource of pods: a deletion that disruption budgets can refuse.

mod budget;

use std::sync::Arc;

use kubekit_core::PropagationPolicy;

use crate::answer::Answer;
use crate::failure::{self, Failure};
use crate::kinds::pod;
use crate::meta;
use crate::object::Object;
use crate::request::{ApiRequest, DeleteOptions, Document, Operation, Propagation};
use crate::verbs;
use crate::world::World;
use budget::Budget;

/// Evicts a pod.
///
/// # Errors
///
/// 404 for a pod that does not exist, 409 for preconditions that do not hold, 429 for a budget that is used up, 500 for a pod with two
/// budgets.
pub(crate) fn execute(world: &Arc<World>, request: &ApiRequest) -> Result<Answer, Failure> {
    let Operation::Create { options, body } = &request.operation else {
        return Err(failure::method_not_allowed());
    };
    if meta::text(meta::of(body), "name") != request.name {
        let why = "name in URL does not match name in Eviction object";
        return Err(failure::bad_request(why));
    }
    let mut deletion = deletion(body)?;
    deletion.dry_run |= options.dry_run;
    Eviction {
        world,
        request,
        deletion,
    }
    .carry_out()?;
    Ok(Answer::created_status())
}

/// An eviction in progress.
struct Eviction<'a> {
    world: &'a Arc<World>,
    request: &'a ApiRequest,
    deletion: DeleteOptions,
}

impl Eviction<'_> {
    fn carry_out(&self) -> Result<(), Failure> {
        loop {
            let current = self.pod()?;
            let pod = current.document();
            if !is_beyond_budgets(&pod) {
                return self.carry_out_within_budget(&current, &pod);
            }
            // What is only pending may become ready at any moment, and then it counts.
            let seen = is_pending(&pod).then_some(&current);
            match self.delete(seen) {
                Err(refusal) if self.is_overtaken(&current, &refusal) => {}
                deleted => return deleted,
            }
        }
    }

    fn carry_out_within_budget(&self, current: &Object, pod: &Document) -> Result<(), Failure> {
        let Some(budget) = self.take_from_budget(current, pod)? else {
            return self.delete(None);
        };
        match self.delete(Some(current)) {
            Err(refusal) if self.is_overtaken(current, &refusal) => Err(budget.unsettled()),
            deleted => deleted,
        }
    }

    fn pod(&self) -> Result<Object, Failure> {
        let found = self
            .world
            .store
            .get(&self.request.resource.storage, &self.key());
        found.ok_or_else(|| failure::not_found(&self.request.resource, &self.request.name))
    }

    fn key(&self) -> String {
        let namespace = self.request.namespace.as_deref().unwrap_or("");
        format!("{namespace}/{}", self.request.name)
    }

    /// Takes the eviction from the budget that the pod is under. Gives the budget back if it has nothing to say about the pod, but only
    /// for as long as that is not ready.
    fn take_from_budget(
        &self,
        current: &Object,
        pod: &Document,
    ) -> Result<Option<Budget>, Failure> {
        let mut budgets = Budget::all_of(self.world, current);
        let Some(budget) = budgets.pop() else {
            return Ok(None);
        };
        if !budgets.is_empty() {
            return Err(budget::too_many());
        }
        if !pod::has_condition(pod, "Ready") && budget.spares_unready() {
            return Ok(Some(budget));
        }
        budget.take(self.world, &self.request.name, self.deletion.dry_run)?;
        Ok(None)
    }

    /// Deletes the pod, which says from then on why. `seen` is the version it must still have.
    fn delete(&self, seen: Option<&Object>) -> Result<(), Failure> {
        let mut options = self.deletion.clone();
        if options.resource_version.is_none() {
            options.resource_version = seen.map(|pod| pod.revision().to_string());
        }
        if !options.dry_run {
            self.explain(&mut options);
        }
        let deletion = ApiRequest {
            subresource: None,
            operation: Operation::Delete { options },
            ..self.request.clone()
        };
        verbs::execute(self.world, deletion).map(drop)
    }

    /// Says in the pod's status that it is being evicted, if it is the pod that is meant; if not, the deletion will say so.
    fn explain(&self, options: &mut DeleteOptions) {
        let explanation = Some(("EvictionByEvictionAPI", "Eviction API: evicting"));
        let mut is_meant = false;
        let revised = self
            .world
            .revise(&self.request.resource, &self.key(), |pod| {
                is_meant = options.mean(pod);
                if is_meant {
                    pod::set_condition(pod, "DisruptionTarget", explanation, &self.world.clock);
                }
                is_meant
            });
        if let Some(pod) = revised.filter(|_| is_meant && options.resource_version.is_some()) {
            options.resource_version = Some(pod.revision().to_string());
        }
    }

    /// Whether a refusal comes from a version that the client did not ask for.
    fn is_overtaken(&self, current: &Object, refusal: &Failure) -> bool {
        let wanted = self.deletion.uid.as_deref();
        refusal.is_conflict()
            && self.deletion.resource_version.is_none()
            && wanted.is_none_or(|uid| uid == current.content().uid())
    }
}

/// Whether a pod can go whatever budgets say: it does nothing yet, or nothing any more.
fn is_beyond_budgets(pod: &Document) -> bool {
    meta::is_doomed(meta::of(pod)) || matches!(phase(pod), "Failed" | "Pending" | "Succeeded")
}

fn is_pending(pod: &Document) -> bool {
    !meta::is_doomed(meta::of(pod)) && phase(pod) == "Pending"
}

fn phase(pod: &Document) -> &str {
    let phase = pod
        .get("status")
        .and_then(|status| status["phase"].as_str());
    phase.unwrap_or("")
}

fn deletion(body: &Document) -> Result<DeleteOptions, Failure> {
    let Some(sent) = body.get("deleteOptions").filter(|sent| !sent.is_null()) else {
        return Ok(DeleteOptions::default());
    };
    let sent: kubekit_core::DeleteOptions = serde_json::from_value(sent.clone())
        .map_err(|error| failure::bad_request(format!("deleteOptions: {error}")))?;
    let preconditions = sent.preconditions.unwrap_or_default();
    Ok(DeleteOptions {
        dry_run: sent.dry_run.iter().any(|stage| stage == "All"),
        grace_period_seconds: sent.grace_period_seconds,
        propagation_policy: sent.propagation_policy.map(propagation),
        uid: preconditions.uid.filter(|uid| !uid.is_empty()),
        resource_version: preconditions
            .resource_version
            .map(|version| version.to_string()),
    })
}

fn propagation(policy: PropagationPolicy) -> Propagation {
    match policy {
        PropagationPolicy::Orphan => Propagation::Orphan,
        PropagationPolicy::Foreground => Propagation::Foreground,
        _ => Propagation::Background,
    }
}

impl DeleteOptions {
    /// Whether an object is the one that the preconditions mean.
    fn mean(&self, object: &Document) -> bool {
        let metadata = meta::of(object);
        let is = |wanted: &Option<String>, field: &str| {
            wanted
                .as_deref()
                .is_none_or(|wanted| wanted == meta::text(metadata, field))
        };
        is(&self.uid, "uid") && is(&self.resource_version, "resourceVersion")
    }
}
