//! Addresses of services, each given to one service at a time.

use std::net::Ipv4Addr;

use serde_json::{Value, json};

use super::{Spec, has_address, is_headless, text};
use crate::failure::{FieldError, FieldErrors};
use crate::object::Object;
use crate::store::Range;
use crate::strategy::Write;

/// `10.0.0.0/16`, whose first two addresses are the network itself and the API server.
const NETWORK: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 0);
const SIZE: u32 = 1 << 16;
const FIRST: u32 = 2;

/// Gives an address to a service without one, or checks that the one it wants is free.
pub(super) fn give(
    write: &Write<'_>,
    own: Option<&Value>,
    spec: &mut Spec,
    errors: &mut FieldErrors,
) {
    if !has_address(spec) {
        return;
    }
    if is_headless(spec) {
        spec.insert("clusterIPs".to_owned(), json!(["None"]));
        return;
    }
    let wanted = text(spec, "clusterIP").to_owned();
    let address = if wanted.is_empty() {
        let free = write
            .world
            .allocations
            .next_address(FIRST, SIZE - 1, |offset| {
                !is_taken(write, own, &address(offset))
            });
        free.map(address)
            .ok_or_else(|| "failed to allocate a serviceIP: range is full".to_owned())
    } else {
        check(write, own, &wanted).map(|()| wanted)
    };
    match address {
        Ok(address) => {
            spec.insert("clusterIPs".to_owned(), json!([address]));
            spec.insert("clusterIP".to_owned(), address.into());
        }
        Err(problem) => {
            let value = spec.get("clusterIPs").cloned().unwrap_or_default();
            errors.push(FieldError::invalid("spec.clusterIPs", value, problem));
        }
    }
}

fn address(offset: u32) -> String {
    Ipv4Addr::from(u32::from(NETWORK) + offset).to_string()
}

fn check(write: &Write<'_>, own: Option<&Value>, wanted: &str) -> Result<(), String> {
    let offset = wanted
        .parse::<Ipv4Addr>()
        .ok()
        .and_then(|wanted| u32::from(wanted).checked_sub(u32::from(NETWORK)));
    if !offset.is_some_and(|offset| (1..SIZE).contains(&offset)) {
        return Err(format!(
            "failed to allocate IP {wanted}: the provided IP ({wanted}) is not in the valid range. \
             The range of valid IPs is {NETWORK}/16"
        ));
    }
    if is_taken(write, own, wanted) {
        return Err(format!(
            "failed to allocate IP {wanted}: provided IP is already allocated"
        ));
    }
    Ok(())
}

fn is_taken(write: &Write<'_>, own: Option<&Value>, address: &str) -> bool {
    let has_it = |service: &Object| {
        let content = service.content();
        content.field("spec.clusterIP") == Some(address)
            && own.and_then(Value::as_str) != Some(content.uid())
    };
    let range = Range {
        limit: Some(1),
        ..Range::default()
    };
    let found = write
        .world
        .store
        .page(&write.resource.storage, range, has_it);
    found.is_ok_and(|page| !page.items.is_empty())
}
