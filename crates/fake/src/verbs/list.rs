//! GET of a collection.

mod token;

use std::sync::Arc;

use super::call::Call;
use super::list_options::{self, Purpose};
use super::resource_version;
use crate::answer::{Answer, List, Payload};
use crate::failure::{self, Failure};
use crate::request::ListOptions;
use crate::selectors::Selection;
use crate::store::{Page, PageError, Range};
use token::Token;

pub(super) fn list(call: &Call<'_>, options: &ListOptions) -> Result<Answer, Failure> {
    let list = collect(call, options)?;
    Ok(Answer::ok(Payload::List(list)))
}

/// The objects that the options ask for.
pub(super) fn collect(call: &Call<'_>, options: &ListOptions) -> Result<List, Failure> {
    let selection = Selection::new(&call.resource, &call.namespace, options)?;
    let start = Start::of(options, &selection)?;
    list_options::check(options, Purpose::List)?;
    call.world.store.open(call.storage());
    let range = Range {
        prefix: selection.prefix(),
        after: start.after.as_deref(),
        revision: start.revision,
        limit: limit(options),
    };
    let everything = selection.is_everything();
    let page = call.world.store.page(call.storage(), range, |object| {
        everything || selection.matches(&call.view(object))
    });
    let page = page.map_err(|error| start.refuse(error))?;
    resource_version::check_reached(start.not_older_than, page.revision)?;
    Ok(list_of(call, page, everything, &selection))
}

/// Where a list begins.
#[derive(Debug, Default)]
struct Start {
    revision: Option<u64>,
    not_older_than: u64,
    after: Option<String>,
    /// The token that led here.
    token: Option<Token>,
}

impl Start {
    fn of(options: &ListOptions, selection: &Selection) -> Result<Start, Failure> {
        if !options.continue_token.is_empty() {
            return Start::of_token(options, selection);
        }
        let asked = resource_version::parse(&options.resource_version);
        let asked = asked
            .map_err(|why| failure::bad_request(format!("invalid resource version: {why}")))?;
        if list_options::is_exact(options) {
            return Ok(Start {
                revision: Some(asked),
                ..Start::default()
            });
        }
        Ok(Start {
            not_older_than: asked,
            ..Start::default()
        })
    }

    fn of_token(options: &ListOptions, selection: &Selection) -> Result<Start, Failure> {
        let is_version_given = !matches!(options.resource_version.as_str(), "" | "0");
        if is_version_given && options.resource_version_match.is_empty() {
            return Err(failure::bad_request(
                "specifying resource version is not allowed when using continue",
            ));
        }
        let token = Token::parse(&options.continue_token)
            .ok_or_else(|| failure::bad_request("continue key is not valid"))?;
        Ok(Start {
            revision: token.revision,
            after: Some(format!("{}{}", selection.prefix(), token.after)),
            token: Some(token),
            ..Start::default()
        })
    }

    fn refuse(&self, error: PageError) -> Failure {
        match error {
            PageError::Future(current) => {
                failure::too_large_resource_version(self.revision.unwrap_or(0), current)
            }
            PageError::Compacted => match &self.token {
                Some(token) => token.expired(),
                None => failure::expired(format!(
                    "The resourceVersion for the provided list is too old: {}",
                    self.revision.unwrap_or(0)
                )),
            },
        }
    }
}

/// Lists "of whatever you have" (version 0) are always whole.
fn limit(options: &ListOptions) -> Option<usize> {
    if options.resource_version == "0" {
        return None;
    }
    usize::try_from(options.limit)
        .ok()
        .filter(|limit| *limit > 0)
}

fn list_of(call: &Call<'_>, page: Page, everything: bool, selection: &Selection) -> List {
    let last = page.items.last().filter(|_| page.remaining > 0);
    let continue_token = last.map(|last| {
        let after = last.content().key();
        let after = after.strip_prefix(selection.prefix()).unwrap_or(after);
        Token::new(page.revision, after).to_string()
    });
    List {
        resource: Arc::clone(&call.resource),
        resource_version: page.revision,
        continue_token,
        remaining_item_count: (everything && page.remaining > 0).then_some(page.remaining),
        items: page.items.iter().map(|item| call.view(item)).collect(),
    }
}
