use k8s_openapi::api::core::v1::Pod;
use kubekit_core::Cluster;
use kubekit_rest::RestClient;

fn pods(client: &RestClient) {
    let _ = client.api::<Pod, _>(Cluster);
}

fn main() {}
