//! The vocabulary of the Kubernetes API, without I/O: names, options, selectors, patches, errors, watch events, codecs.
