//! Reflectors, delta queues, indexed stores and shared informers for the Kubernetes API.
