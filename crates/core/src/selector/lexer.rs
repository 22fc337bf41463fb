//! The pieces of label selectors.

/// A piece of a label selector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Word(&'a str),
    Symbol(&'static str),
    End,
}

impl Token<'_> {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Word(text) => text,
            Self::Symbol(text) => text,
            Self::End => "",
        }
    }
}

/// Longest first, so that `==` is not read as two `=`.
const SYMBOLS: [&str; 9] = ["!=", "==", "=", "!", "(", ")", ",", ">", "<"];

/// Splits a label selector into tokens.
pub(super) struct Lexer<'a> {
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) fn next(&mut self) -> Token<'a> {
        self.rest = self.rest.trim_start_matches(is_blank);
        if let Some(symbol) = SYMBOLS
            .into_iter()
            .find(|symbol| self.rest.starts_with(symbol))
        {
            self.rest = &self.rest[symbol.len()..];
            return Token::Symbol(symbol);
        }
        let end = self
            .rest
            .find(|c| is_blank(c) || is_special(c))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        if word.is_empty() {
            Token::End
        } else {
            Token::Word(word)
        }
    }

    /// Looks at the next token without taking it.
    pub(super) fn peek(&self) -> Token<'a> {
        Lexer { rest: self.rest }.next()
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_special(c: char) -> bool {
    matches!(c, '=' | '!' | '(' | ')' | ',' | '>' | '<')
}
