//! Who may approve and sign certificates, and which nobody may ask for.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::attributes::{Attributes, ResourceTarget};
use super::user::{MASTERS, User};
use crate::failure::{self, Failure};
use crate::meta;
use crate::registry::Resource;
use crate::request::Document;
use crate::strategy::Part;
use crate::world::World;
use crate::x509;

pub(super) const GROUP: &str = "certificates.k8s.io";
/// The signer of certificates that the API server knows users by.
const CLIENT_SIGNER: &str = "kubernetes.io/kube-apiserver-client";

/// Checks a write of a certificate signing request.
pub(super) fn guard(
    world: &World,
    user: &Arc<User>,
    resource: &Resource,
    part: Part,
    old: Option<&Document>,
    new: &Document,
) -> Result<(), Failure> {
    let Some(old) = old else {
        return check_subject(resource, new);
    };
    let verb = match part {
        Part::Approval => "approve",
        Part::Status if old.get("status") != new.get("status") => "sign",
        _ => return Ok(()),
    };
    let signer = text(old, "signerName");
    if may(world, user, verb, signer) {
        return Ok(());
    }
    let why = format!("user not permitted to {verb} requests with signerName {signer:?}");
    let name = meta::text(meta::of(old), "name");
    Err(failure::forbidden(resource, name, why))
}

/// Whether the user may do this for the signer, or for all signers of its domain.
fn may(world: &World, user: &Arc<User>, verb: &str, signer: &str) -> bool {
    let domain = signer.split('/').next().unwrap_or_default();
    [signer.to_owned(), format!("{domain}/*")]
        .into_iter()
        .any(|name| {
            let target = ResourceTarget::new(GROUP, "signers").name(name);
            let attributes = Attributes::on(user, verb, target);
            world.access.decide(world, &attributes).allowed
        })
}

/// A certificate of the masters could never be taken back.
fn check_subject(resource: &Resource, new: &Document) -> Result<(), Failure> {
    if text(new, "signerName") != CLIENT_SIGNER {
        return Ok(());
    }
    let request = STANDARD.decode(text(new, "request")).unwrap_or_default();
    let subject = x509::request_subject(&request).unwrap_or_default();
    if !subject.organizations.iter().any(|group| group == MASTERS) {
        return Ok(());
    }
    let why = format!("use of {CLIENT_SIGNER} signer with {MASTERS} group is not allowed");
    let name = meta::text(meta::of(new), "name");
    Err(failure::forbidden(resource, name, why))
}

fn text<'a>(request: &'a Document, field: &str) -> &'a str {
    let spec = request.get("spec");
    spec.and_then(|spec| spec.get(field))
        .and_then(Value::as_str)
        .unwrap_or_default()
}
