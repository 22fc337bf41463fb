use k8s_openapi::api::core::v1::Node;
use kubekit_core::Namespace;
use kubekit_rest::RestClient;

fn nodes(client: &RestClient) {
    let _ = client.api::<Node, _>(Namespace::new("shop"));
}

fn main() {}
