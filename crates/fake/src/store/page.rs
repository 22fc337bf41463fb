//! Reading many objects at one revision.

use super::Store;
use crate::object::Object;
use crate::registry::StorageKey;

/// Which objects to read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Range<'a> {
    /// What the keys begin with: `namespace/`, or nothing.
    pub(crate) prefix: &'a str,
    /// The key after which to begin.
    pub(crate) after: Option<&'a str>,
    /// The revision to read; the current one if none.
    pub(crate) revision: Option<u64>,
    /// How many objects at most; all if none.
    pub(crate) limit: Option<usize>,
}

/// Objects as they were at one revision, in the order of their keys.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) items: Vec<Object>,
    pub(crate) revision: u64,
    /// How many objects of the range come after the last item, selected or not.
    pub(crate) remaining: u64,
}

/// Why a revision cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageError {
    /// It has been forgotten.
    Compacted,
    /// It has not been reached; the current one.
    Future(u64),
}

impl Store {
    /// Reads the selected objects of a range.
    pub(crate) fn page(
        &self,
        storage: &StorageKey,
        range: Range<'_>,
        selected: impl Fn(&Object) -> bool,
    ) -> Result<Page, PageError> {
        let state = self.state.read();
        let revision = range.revision.unwrap_or(state.revision);
        if revision > state.revision {
            return Err(PageError::Future(state.revision));
        }
        if revision < state.compacted {
            return Err(PageError::Compacted);
        }
        let Some(table) = state.tables.get(storage) else {
            return Ok(Page::empty(revision));
        };
        let (prefix, after) = (range.prefix, range.after);
        Ok(if revision == state.revision {
            Page::of(
                table.live_from(prefix, after),
                revision,
                range.limit,
                selected,
            )
        } else {
            Page::of(
                table.at(revision, prefix, after),
                revision,
                range.limit,
                selected,
            )
        })
    }
}

impl Page {
    fn empty(revision: u64) -> Page {
        Page {
            items: Vec::new(),
            revision,
            remaining: 0,
        }
    }

    fn of<'a>(
        mut objects: impl Iterator<Item = &'a Object>,
        revision: u64,
        limit: Option<usize>,
        selected: impl Fn(&Object) -> bool,
    ) -> Page {
        let mut page = Page::empty(revision);
        let limit = limit.unwrap_or(usize::MAX);
        while page.items.len() < limit {
            match objects.next() {
                Some(object) if selected(object) => page.items.push(object.clone()),
                Some(_) => {}
                None => return page,
            }
        }
        page.remaining = objects.count() as u64;
        page
    }
}
