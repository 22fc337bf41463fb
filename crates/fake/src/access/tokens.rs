//! Bearer tokens that are known from the start.

use std::fmt;

use super::user::{MASTERS, User};

/// Bearer tokens and whose they are: kube-apiserver's `--token-auth-file`.
///
/// # Examples
///
/// ```
/// use kubekit_fake::{ApiServer, TokenTable, User};
///
/// let from_code = TokenTable::new().token("s3cret", User::new("jane").group("devs"));
/// let from_file = TokenTable::parse("s3cret,jane,,devs\nadmintoken,admin,1,\"system:masters,ops\"\n")?;
///
/// let server = ApiServer::builder().tokens(from_code).build();
/// # let _ = (server, from_file);
/// # Ok::<(), kubekit_fake::TokenTableError>(())
/// ```
#[derive(Clone, Default)]
pub struct TokenTable(Vec<(String, User)>);

/// The error of a table that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenTableError {
    line: usize,
    problem: &'static str,
}

impl TokenTable {
    /// A table without tokens.
    pub fn new() -> TokenTable {
        TokenTable::default()
    }

    /// Adds a token. The last one of several that are the same counts.
    pub fn token(mut self, token: impl Into<String>, user: User) -> TokenTable {
        let token = token.into();
        self.0.retain(|(known, _)| *known != token);
        self.0.push((token, user.authenticated()));
        self
    }

    /// Reads comma separated values: a token, a user name and a uid in each line, and then the groups, in quotes if there are several.
    ///
    /// Further columns are ignored, and so are empty lines and those that begin with `#`.
    ///
    /// # Errors
    ///
    /// Fails at the first line with fewer than three columns, without a token or a user name, or with quotes that do not end.
    pub fn parse(text: &str) -> Result<TokenTable, TokenTableError> {
        let lines = text.lines().enumerate();
        let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let mut table = TokenTable::new();
        for (index, line) in lines {
            let (token, user) = entry(line).map_err(|problem| TokenTableError {
                line: index + 1,
                problem,
            })?;
            table = table.token(token, user);
        }
        Ok(table)
    }

    /// Whether there are no tokens.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whose token this is.
    pub(crate) fn user(&self, token: &str) -> Option<&User> {
        let mut entries = self.0.iter();
        entries
            .find(|(known, _)| known == token)
            .map(|(_, user)| user)
    }

    /// The first token of somebody who may do everything.
    pub(crate) fn of_master(&self) -> Option<&str> {
        let mut entries = self.0.iter();
        entries
            .find(|(_, user)| user.is_in(MASTERS))
            .map(|(token, _)| token.as_str())
    }
}

/// Tokens are secrets, so only their number is shown.
impl fmt::Debug for TokenTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tokens", self.0.len())
    }
}

impl fmt::Display for TokenTableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for TokenTableError {}

fn entry(line: &str) -> Result<(String, User), &'static str> {
    let columns = columns(line)?;
    let [token, name, uid, rest @ ..] = columns.as_slice() else {
        return Err("a token, a user name and a uid are needed");
    };
    if token.is_empty() || name.is_empty() {
        return Err("neither the token nor the user name may be empty");
    }
    let groups = rest.first().map_or("", String::as_str);
    let groups = groups.split(',').filter(|group| !group.is_empty());
    let user = User::new(name).uid(uid);
    Ok((token.clone(), groups.fold(user, User::group)))
}

/// Splits a line at commas outside of quotes. Two quotes inside of quotes are one that is meant.
fn columns(line: &str) -> Result<Vec<String>, &'static str> {
    let mut columns = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let column = columns.last_mut().ok_or("there are no columns")?;
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => column.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => columns.push(String::new()),
            // Blanks before a column do not belong to it.
            ' ' if !quoted && column.is_empty() => {}
            letter => column.push(letter),
        }
    }
    match quoted {
        true => Err("quotes do not end"),
        false => Ok(columns),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_in_quotes_and_the_rest_is_ignored() {
        let table =
            TokenTable::parse("# who\nt,jane,u-1,\"a,b\",more\n\nm, admin, 1, system:masters\n")
                .expect("a table");
        let jane = table.user("t").expect("jane");
        assert_eq!((jane.name.as_str(), jane.uid.as_str()), ("jane", "u-1"));
        assert_eq!(jane.groups, ["a", "b", "system:authenticated"]);
        assert_eq!(table.of_master(), Some("m"));
    }

    #[test]
    fn a_line_that_is_too_short_is_named() {
        let error = TokenTable::parse("a,b,c\nt,jane\n").expect_err("too short");
        assert!(error.to_string().starts_with("line 2: "), "{error}");
        assert!(TokenTable::parse("t,jane,1,\"a").is_err());
        assert!(TokenTable::parse(",jane,1").is_err());
    }

    #[test]
    fn tokens_are_not_shown() {
        let table = TokenTable::new().token("s3cret", User::new("jane"));
        assert_eq!(format!("{table:?}"), "1 tokens");
    }
}
