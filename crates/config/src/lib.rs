//! Where the API server is and who is asking: kubeconfig files and the in-cluster service account.
