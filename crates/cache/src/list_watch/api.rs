//! REST as a source.
