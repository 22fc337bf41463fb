//! What decoding costs, counted in allocations.

use bytes::{Bytes, BytesMut};
use k8s_openapi::api::core::v1::ConfigMap;
use kubekit_core::{
    Codec, Framer, Json, ObjectKey, PartialObjectMetadata, ResourceVersion, WatchEvent,
};

const ITEM: &str = r#"{"metadata":{"name":"settings","namespace":"shop","resourceVersion":"42","labels":{"app":"web","tier":"front"}},"data":{"color":"blue","size":"a \"large\" one"}}"#;

fn allocations<T>(run: impl FnOnce() -> T) -> (u64, T) {
    let mut result = None;
    let counted = allocation_counter::measure(|| result = Some(run()));
    (counted.count_total, result.expect("the function ran"))
}

#[test]
fn a_list_costs_what_its_items_cost() {
    let alone = Bytes::from_static(ITEM.as_bytes());
    let (each, _) = allocations(|| Codec::<ConfigMap>::decode(&Json, &alone).unwrap());

    let items = vec![ITEM; 100].join(",");
    let body = Bytes::from(format!(
        r#"{{"metadata":{{"resourceVersion":"7"}},"items":[{items}]}}"#
    ));
    let mut decoded = 0;
    let (total, metadata) = allocations(|| {
        Codec::<ConfigMap>::decode_list(&Json, &body, &mut |item| {
            decoded += usize::from(item.is_ok())
        })
    });
    assert_eq!(
        (decoded, metadata.unwrap().resource_version.as_deref()),
        (100, Some("7"))
    );
    // Beyond the items there is only the list's own resource version.
    assert_eq!(total, 100 * each + 1);
}

#[test]
fn a_watch_event_costs_what_its_object_costs() {
    let alone = Bytes::from_static(ITEM.as_bytes());
    let (each, _) = allocations(|| Codec::<ConfigMap>::decode(&Json, &alone).unwrap());
    let frame = Bytes::from(format!(r#"{{"type":"MODIFIED","object":{ITEM}}}"#));
    let (event, decoded) = allocations(|| Codec::<ConfigMap>::decode_event(&Json, &frame).unwrap());
    assert!(matches!(decoded, WatchEvent::Modified(_)));
    assert_eq!(event, each);
}

#[test]
fn frames_are_views_into_the_buffer() {
    let mut buffer = BytesMut::new();
    for _ in 0..100 {
        buffer.extend_from_slice(ITEM.as_bytes());
        buffer.extend_from_slice(b"\n");
    }
    let mut framer = Codec::<ConfigMap>::framer(&Json);
    let mut frames = 0;
    let (total, ()) = allocations(|| {
        while let Ok(Some(_)) = framer.next(&mut buffer) {
            frames += 1;
        }
    });
    assert_eq!(frames, 100);
    // One, when the buffer begins to be shared.
    assert!(total <= 1, "{total} allocations");
}

#[test]
fn metadata_is_read_without_the_other_fields() {
    let plain = Bytes::from_static(br#"{"metadata":{"name":"a"}}"#);
    let large = Bytes::from_static(
        br#"{"metadata":{"name":"a"},"spec":{"a":[{"b":"c"},{"d":["e\"",{}]}]}}"#,
    );
    let (few, _) = allocations(|| Codec::<PartialObjectMetadata>::decode(&Json, &plain).unwrap());
    let (many, _) = allocations(|| Codec::<PartialObjectMetadata>::decode(&Json, &large).unwrap());
    assert!(many <= few + 1, "{many} allocations instead of {few}");
}

#[test]
fn keys_and_versions_are_copied_without_allocating() {
    let key = ObjectKey::namespaced("shop", "web");
    let versions = [
        ResourceVersion::from("42"),
        ResourceVersion::from("opaque"),
        ResourceVersion::default(),
    ];
    let (total, _copies) = allocations(|| (key.clone(), versions.each_ref().map(Clone::clone)));
    assert_eq!(total, 0);
}
