use k8s_openapi::api::core::v1::Pod;
use kubekit_core::AllNamespaces;
use kubekit_rest::RestClient;

fn delete(client: &RestClient) {
    let _ = client.api::<Pod, _>(AllNamespaces).delete_collection();
}

fn main() {}
