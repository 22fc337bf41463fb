//! Names, keys, versions and path segments.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Node;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubekit_core::{
    ApiResource, GroupKind, GroupResource, GroupVersion, GroupVersionKind, ObjectKey,
    ResourceVersion, validate_path_segment,
};
use proptest::prelude::*;

#[test]
fn group_versions_print_as_they_parse() {
    for text in ["v1", "apps/v1", "example.com/v1alpha1"] {
        assert_eq!(text.parse::<GroupVersion>().unwrap().to_string(), text);
    }
}

#[test]
fn malformed_group_versions_are_refused() {
    for text in ["", "/v1", "apps/", "apps/v1/deployments"] {
        let error = text.parse::<GroupVersion>().unwrap_err();
        assert_eq!(error.input(), text);
    }
}

#[test]
fn names_print_as_the_api_server_writes_them() {
    let deployment = GroupVersionKind::of::<Deployment>();
    assert_eq!(deployment.to_string(), "apps/v1, Kind=Deployment");
    assert_eq!(deployment.group_kind().to_string(), "Deployment.apps");
    assert_eq!(GroupKind::new("", "Pod").to_string(), "Pod");
    assert_eq!(
        GroupResource::new("apps", "deployments").to_string(),
        "deployments.apps"
    );
    let gvr = GroupVersion::new("", "v1").with_resource("pods");
    assert_eq!(gvr.to_string(), "v1, Resource=pods");
}

#[test]
fn resources_of_types_know_their_path_and_scope() {
    let nodes = ApiResource::of::<Node>();
    assert!(!nodes.namespaced);
    assert_eq!(nodes.path(None), "/api/v1/nodes");
    let deployments = ApiResource::of::<Deployment>();
    assert!(deployments.namespaced);
    assert_eq!(deployments.path(None), "/apis/apps/v1/deployments");
    assert_eq!(
        deployments.gvr().to_string(),
        "apps/v1, Resource=deployments"
    );
}

#[test]
fn malformed_object_keys_are_refused() {
    for text in ["", "/", "a/", "/a", "a/b/c"] {
        assert!(text.parse::<ObjectKey>().is_err(), "{text:?}");
    }
}

#[test]
fn an_object_without_a_name_has_no_key() {
    let mut metadata = ObjectMeta {
        namespace: Some("shop".into()),
        ..ObjectMeta::default()
    };
    assert_eq!(ObjectKey::of(&metadata), None);
    metadata.name = Some("web".into());
    assert_eq!(
        ObjectKey::of(&metadata),
        Some(ObjectKey::namespaced("shop", "web"))
    );
    metadata.namespace = Some(String::new());
    assert_eq!(ObjectKey::of(&metadata), Some(ObjectKey::cluster("web")));
}

#[test]
fn maps_of_keys_are_searched_with_text() {
    let map = BTreeMap::from([(ObjectKey::namespaced("shop", "web"), 1)]);
    assert_eq!(map.get("shop/web"), Some(&1));
}

proptest! {
    #[test]
    fn object_keys_parse_as_they_print(namespace in "[a-z0-9-]{0,8}", name in "[a-z0-9.-]{1,8}") {
        let key = ObjectKey::namespaced(&namespace, &name);
        prop_assert_eq!(&key.to_string().parse::<ObjectKey>().unwrap(), &key);
        prop_assert_eq!(key.namespace().unwrap_or_default(), namespace);
        prop_assert_eq!(key.name(), name);
        let json = serde_json::to_string(&key).unwrap();
        prop_assert_eq!(serde_json::from_str::<ObjectKey>(&json).unwrap(), key);
    }

    #[test]
    fn numeric_resource_versions_order_as_numbers(a: u128, b: u128) {
        let (left, right) = (ResourceVersion::from(a.to_string()), ResourceVersion::from(b.to_string()));
        prop_assert_eq!(left.partial_cmp(&right), Some(a.cmp(&b)));
        prop_assert_eq!(left.to_string(), a.to_string());
    }
}

#[test]
fn opaque_resource_versions_equal_only_themselves() {
    for text in ["", "abc", "007", "-1", "1e3", "+5", " 5"] {
        let version = ResourceVersion::from(text);
        assert_eq!(version.to_string(), text, "prints as read");
        assert_eq!(version.partial_cmp(&version.clone()), Some(Ordering::Equal));
        assert_eq!(version.partial_cmp(&ResourceVersion::from("5")), None);
        assert_eq!(ResourceVersion::from("5").partial_cmp(&version), None);
    }
    assert!(ResourceVersion::default().is_unset());
    assert!(ResourceVersion::from("0").is_any());
}

#[test]
fn path_segments_that_would_leave_their_place_are_refused() {
    for name in ["", ".", "..", "a/b", "a%2fb"] {
        let error = validate_path_segment(name).unwrap_err();
        assert_eq!(error.name(), name);
    }
    for name in ["a", "...", "system:admin", "a.b", "ü"] {
        validate_path_segment(name).unwrap();
    }
}
