//! From credentials to users.

use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::request::Parts;

use super::accounts;
use super::user::User;
use crate::failure::{self, Failure};
use crate::world::World;

/// What the connection shows of who is at its other end. An extension of a request; what cannot come from the network.
#[derive(Clone, Debug)]
pub(crate) enum Peer {
    /// Nothing, though it was asked for a certificate.
    Unknown,
    /// A certificate that is good for nothing.
    Untrusted,
    /// This one.
    User(Arc<User>),
}

/// Finds out whose request it is.
///
/// # Errors
///
/// 401 for credentials that are none, even where nobody needs any.
pub(super) fn user(world: &World, head: &Parts) -> Result<Arc<User>, Failure> {
    let peer = head.extensions.get::<Peer>();
    if let Some(Peer::User(user)) = peer {
        return Ok(Arc::clone(user));
    }
    let needs_credentials = peer.is_some() || !world.access.settings.tokens.is_empty();
    let bearer = bearer(head);
    if let Some(found) = bearer.and_then(|token| of_token(world, token, &accounts::audiences())) {
        return Ok(Arc::new(found.user));
    }
    match (needs_credentials, bearer, peer) {
        (false, _, _) => Ok(Arc::new(User::admin())),
        (true, None, None | Some(Peer::Unknown)) => Ok(Arc::new(User::anonymous())),
        (true, _, _) => Err(failure::unauthorized()),
    }
}

/// A user and the audiences, out of those asked for, that the user's token is meant for.
#[derive(Debug)]
pub(super) struct Authenticated {
    pub(super) user: User,
    pub(super) audiences: Vec<String>,
}

/// Whose token this is, if it is meant for one of the audiences.
pub(super) fn of_token(world: &World, token: &str, audiences: &[String]) -> Option<Authenticated> {
    let Some(user) = world.access.settings.tokens.user(token) else {
        return accounts::authenticate(world, token, audiences);
    };
    // Static tokens say nothing of audiences: they are meant for this server.
    let own = accounts::audiences();
    let audiences = audiences.iter().filter(|one| own.contains(one));
    let audiences: Vec<_> = audiences.cloned().collect();
    (!audiences.is_empty()).then(|| Authenticated {
        user: user.clone(),
        audiences,
    })
}

/// The token in a request. Other kinds of credentials say nothing to the API server.
fn bearer(head: &Parts) -> Option<&str> {
    let header = head.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = header.trim().split_once(' ')?;
    let token = rest.split(' ').next().unwrap_or_default();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
