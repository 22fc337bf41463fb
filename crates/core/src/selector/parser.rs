//! The grammar of label selectors.
//!
//! A list of requirements separated by commas: `key`, `!key`, `key=value`, `key==value`, `key!=value`, `key in (a,b)`,
//! `key notin (a,b)`, `key>5`, `key<5`. A missing value is the empty string.

use std::collections::BTreeSet;

use super::lexer::{Lexer, Token};
use super::{LabelOperator, LabelRequirement, SelectorError};

pub(super) fn parse(text: &str) -> Result<Vec<LabelRequirement>, SelectorError> {
    let mut parser = Parser {
        lexer: Lexer::new(text),
    };
    parser
        .requirements()
        .map_err(|error| SelectorError::new(format!("unable to parse requirement: {error}")))
}

struct Parser<'a> {
    lexer: Lexer<'a>,
}

impl<'a> Parser<'a> {
    fn requirements(&mut self) -> Result<Vec<LabelRequirement>, SelectorError> {
        let mut requirements = Vec::new();
        if self.lexer.peek() == Token::End {
            return Ok(requirements);
        }
        loop {
            requirements.push(self.requirement()?);
            match self.lexer.next() {
                Token::End => return Ok(requirements),
                Token::Symbol(",") => {}
                other => return Err(unexpected(other, "',' or 'end of string'")),
            }
        }
    }

    fn requirement(&mut self) -> Result<LabelRequirement, SelectorError> {
        if self.lexer.peek() == Token::Symbol("!") {
            self.lexer.next();
            return LabelRequirement::new(self.key()?, LabelOperator::DoesNotExist, []);
        }
        let key = self.key()?;
        let operator = match self.lexer.peek() {
            Token::End | Token::Symbol(",") => {
                return LabelRequirement::new(key, LabelOperator::Exists, []);
            }
            _ => self.operator()?,
        };
        match operator {
            LabelOperator::In | LabelOperator::NotIn => {
                LabelRequirement::new(key, operator, self.values()?)
            }
            _ => LabelRequirement::new(key, operator, [self.value()?]),
        }
    }

    fn key(&mut self) -> Result<&'a str, SelectorError> {
        match self.lexer.next() {
            Token::Word(key) => Ok(key),
            other => Err(unexpected(other, "identifier")),
        }
    }

    fn operator(&mut self) -> Result<LabelOperator, SelectorError> {
        Ok(match self.lexer.next() {
            Token::Symbol("=") => LabelOperator::Equals,
            Token::Symbol("==") => LabelOperator::DoubleEquals,
            Token::Symbol("!=") => LabelOperator::NotEquals,
            Token::Symbol(">") => LabelOperator::GreaterThan,
            Token::Symbol("<") => LabelOperator::LessThan,
            Token::Word("in") => LabelOperator::In,
            Token::Word("notin") => LabelOperator::NotIn,
            other => return Err(unexpected(other, "in, notin, =, ==, !=, gt, lt")),
        })
    }

    /// One value; nothing before the end or a comma is the empty value.
    fn value(&mut self) -> Result<&'a str, SelectorError> {
        match self.lexer.peek() {
            Token::End | Token::Symbol(",") => Ok(""),
            _ => self.key(),
        }
    }

    /// Values in parentheses; nothing between two commas is the empty value.
    fn values(&mut self) -> Result<BTreeSet<&'a str>, SelectorError> {
        match self.lexer.next() {
            Token::Symbol("(") => {}
            // The API server leaves out the comma here.
            other => {
                let message = format!("found '{}' expected: '('", other.text());
                return Err(SelectorError::new(message));
            }
        }
        let mut values = BTreeSet::new();
        if self.lexer.peek() == Token::Symbol(")") {
            self.lexer.next();
            return Ok(values);
        }
        loop {
            values.insert(match self.lexer.peek() {
                Token::Symbol("," | ")") => "",
                _ => self.key()?,
            });
            match self.lexer.next() {
                Token::Symbol(")") => return Ok(values),
                Token::Symbol(",") => {}
                other => return Err(unexpected(other, "',' or ')'")),
            }
        }
    }
}

fn unexpected(found: Token<'_>, expected: &str) -> SelectorError {
    SelectorError::new(format!("found '{}', expected: {expected}", found.text()))
}
