//! Work queues for controllers: de-duplicating, delaying and rate limited.
