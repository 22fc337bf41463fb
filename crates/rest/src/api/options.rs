//! The options of a request, offered as methods of the request itself.

/// Adds methods that pass an option on to the `options` field, which has a method of its own for it.
macro_rules! options {
    ($options:ty; $($(#[$doc:meta])* $name:ident => $option:ident($($argument:ident: $kind:ty)?);)*) => {
        /// Replaces all options at once.
        pub fn options(mut self, options: $options) -> Self {
            self.options = options;
            self
        }

        $(
            $(#[$doc])*
            pub fn $name(mut self $(, $argument: $kind)?) -> Self {
                self.options = self.options.$option($($argument)?);
                self
            }
        )*
    };
}

/// Implements `Debug` for a request by what it is about.
macro_rules! debug_request {
    ($request:ident) => {
        impl<K, C> std::fmt::Debug for $request<K, C> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($request))
                    .field("request", &self.request)
                    .field("options", &self.options)
                    .finish_non_exhaustive()
            }
        }
    };
}

pub(super) use {debug_request, options};
