//! An embedded Kubernetes API server, in process or on a socket, for tests and for running controllers without a cluster.
