//! What can go wrong with a configuration.
