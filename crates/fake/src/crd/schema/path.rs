//! Where in an object something is.

use std::fmt;

/// A path that is only put into words when there is something to say. Cheap to make while descending.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Path<'a> {
    /// The object itself.
    Root,
    /// A place that has been put into words already.
    At(&'a str),
    /// A field of what is at a path.
    Field(&'a Path<'a>, &'a str),
    /// A value of the map at a path.
    Key(&'a Path<'a>, &'a str),
    /// An item of the list at a path.
    Index(&'a Path<'a>, usize),
}

impl Path<'_> {
    pub(crate) fn field<'a>(&'a self, name: &'a str) -> Path<'a> {
        Path::Field(self, name)
    }

    pub(crate) fn key<'a>(&'a self, key: &'a str) -> Path<'a> {
        Path::Key(self, key)
    }

    pub(crate) fn index(&self, index: usize) -> Path<'_> {
        Path::Index(self, index)
    }

    pub(crate) fn is_root(&self) -> bool {
        matches!(self, Path::Root)
    }
}

/// The object itself is written as the API server writes a path that is none.
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => f.write_str("<nil>"),
            Path::At(text) => f.write_str(text),
            Path::Field(Path::Root, name) => f.write_str(name),
            Path::Field(parent, name) => write!(f, "{parent}.{name}"),
            Path::Key(Path::Root, key) => write!(f, "[{key}]"),
            Path::Key(parent, key) => write!(f, "{parent}[{key}]"),
            Path::Index(Path::Root, index) => write!(f, "[{index}]"),
            Path::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn a_path_is_written_as_the_api_server_does() {
        let root = Path::Root;
        let spec = root.field("spec");
        let list = spec.field("list");
        let item = list.index(1);
        let map = item.field("labels");
        assert_eq!(map.key("a/b").to_string(), "spec.list[1].labels[a/b]");
        assert_eq!(root.to_string(), "<nil>");
    }
}
