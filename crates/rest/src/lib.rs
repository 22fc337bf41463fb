//! The HTTP client of the Kubernetes API: a tower stack, typed and dynamic requests, watches and paging.
