//! From tokens to expressions.

use super::ast::{Expr, Loop, LoopKind, Operator};
use super::lexer::{Token, tokens};
use super::value::Value;

/// How deep an expression may be. Chains of `&&` and of `||` count once.
const DEEPEST: usize = 100;

/// Words that cannot be names.
const RESERVED: [&str; 19] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "var",
    "void",
    "while",
];

/// Parses an expression.
///
/// # Errors
///
/// Says where it is none, or that it is too deep.
pub(super) fn parse(text: &str) -> Result<Expr, String> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
    };
    let expr = parser.expr()?;
    match parser.peek() {
        None => Ok(expr),
        Some(token) => Err(format!(
            "Syntax error: unexpected {}",
            describe(Some(token))
        )),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

fn describe(token: Option<&Token>) -> String {
    match token {
        None => "end of expression".to_owned(),
        Some(Token::Ident(name)) => format!("'{name}'"),
        Some(Token::Sign(sign)) => format!("'{sign}'"),
        Some(_) => "literal".to_owned(),
    }
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(found)) if *found == sign)
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.take(sign) {
            return Ok(());
        }
        let found = describe(self.peek());
        Err(format!("Syntax error: expected '{sign}', found {found}"))
    }

    fn ident(&mut self) -> Result<String, String> {
        match self.peek() {
            Some(Token::Ident(name)) => {
                let name = name.clone();
                self.at += 1;
                Ok(name)
            }
            other => Err(format!(
                "Syntax error: expected a name, found {}",
                describe(other)
            )),
        }
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("expression recursion limit exceeded: {DEEPEST}"));
        }
        Ok(())
    }

    fn expr(&mut self) -> Result<Expr, String> {
        let depth = self.depth;
        self.deeper()?;
        let condition = self.or()?;
        let expr = if self.take("?") {
            let yes = self.or()?;
            self.expect(":")?;
            let no = self.expr()?;
            Expr::Conditional(Box::new((condition, yes, no)))
        } else {
            condition
        };
        self.depth = depth;
        Ok(expr)
    }

    fn or(&mut self) -> Result<Expr, String> {
        let mut terms = vec![self.and()?];
        while self.take("||") {
            terms.push(self.and()?);
        }
        Ok(one_or(terms, Expr::Or))
    }

    fn and(&mut self) -> Result<Expr, String> {
        let mut terms = vec![self.relation()?];
        while self.take("&&") {
            terms.push(self.relation()?);
        }
        Ok(one_or(terms, Expr::And))
    }

    fn relation(&mut self) -> Result<Expr, String> {
        self.chain(Parser::sum, |parser| match parser.peek()? {
            Token::Sign("==") => Some(Operator::Equal),
            Token::Sign("!=") => Some(Operator::NotEqual),
            Token::Sign("<") => Some(Operator::Less),
            Token::Sign("<=") => Some(Operator::LessOrEqual),
            Token::Sign(">") => Some(Operator::Greater),
            Token::Sign(">=") => Some(Operator::GreaterOrEqual),
            Token::Ident(name) if name == "in" => Some(Operator::In),
            _ => None,
        })
    }

    fn sum(&mut self) -> Result<Expr, String> {
        self.chain(Parser::product, |parser| match parser.peek()? {
            Token::Sign("+") => Some(Operator::Add),
            Token::Sign("-") => Some(Operator::Subtract),
            _ => None,
        })
    }

    fn product(&mut self) -> Result<Expr, String> {
        self.chain(Parser::unary, |parser| match parser.peek()? {
            Token::Sign("*") => Some(Operator::Multiply),
            Token::Sign("/") => Some(Operator::Divide),
            Token::Sign("%") => Some(Operator::Modulo),
            _ => None,
        })
    }

    /// Operators that are applied from left to right.
    fn chain(
        &mut self,
        term: fn(&mut Parser) -> Result<Expr, String>,
        operator: fn(&Parser) -> Option<Operator>,
    ) -> Result<Expr, String> {
        let depth = self.depth;
        let mut left = term(self)?;
        while let Some(operator) = operator(self) {
            self.at += 1;
            self.deeper()?;
            let right = term(self)?;
            left = Expr::Binary(operator, Box::new(left), Box::new(right));
        }
        self.depth = depth;
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, String> {
        let depth = self.depth;
        self.deeper()?;
        let expr = if self.take("!") {
            Expr::Not(Box::new(self.unary()?))
        } else if self.take("-") {
            self.negated()?
        } else {
            self.member()?
        };
        self.depth = depth;
        Ok(expr)
    }

    fn negated(&mut self) -> Result<Expr, String> {
        let Some(Token::Int(number)) = self.peek() else {
            return Ok(Expr::Negate(Box::new(self.unary()?)));
        };
        // The smallest integer has no positive counterpart.
        let number = 0_i64.wrapping_sub_unsigned(*number);
        self.at += 1;
        self.members(Expr::Literal(Value::Int(number)))
    }

    fn member(&mut self) -> Result<Expr, String> {
        let primary = self.primary()?;
        self.members(primary)
    }

    fn members(&mut self, mut of: Expr) -> Result<Expr, String> {
        let depth = self.depth;
        loop {
            self.deeper()?;
            let is_optional = self.is(".?") || self.is("[?");
            of = if self.take(".") || self.take(".?") {
                let field = self.ident()?;
                match self.take("(") {
                    true if !is_optional => {
                        let args = self.list(")")?;
                        call(field, Some(of), args)?
                    }
                    true => return Err("Syntax error: unsupported syntax '.?'".to_owned()),
                    false => Expr::Select {
                        of: Box::new(of),
                        field,
                        is_optional,
                    },
                }
            } else if self.take("[") || self.take("[?") {
                let index = Box::new(self.expr()?);
                self.expect("]")?;
                Expr::Index {
                    of: Box::new(of),
                    index,
                    is_optional,
                }
            } else {
                self.depth = depth;
                return Ok(of);
            };
        }
    }

    fn primary(&mut self) -> Result<Expr, String> {
        let Some(token) = self.peek().cloned() else {
            return Err("Syntax error: unexpected end of expression".to_owned());
        };
        self.at += 1;
        let literal = match token {
            Token::Int(number) => {
                let number = i64::try_from(number);
                Value::Int(number.map_err(|_| "Syntax error: invalid int literal".to_owned())?)
            }
            Token::UInt(number) => Value::UInt(number),
            Token::Double(number) => Value::Double(number),
            Token::Text(text) => Value::Text(text),
            Token::Bytes(bytes) => Value::Bytes(bytes),
            Token::Ident(name) => return self.named(name),
            Token::Sign("(") => {
                let expr = self.expr()?;
                self.expect(")")?;
                return Ok(expr);
            }
            Token::Sign("[") => return Ok(Expr::List(self.list("]")?)),
            Token::Sign("{") => return self.map(),
            // A name at the top.
            Token::Sign(".") => {
                let name = self.ident()?;
                return self.named(name);
            }
            Token::Sign(sign) => return Err(format!("Syntax error: unexpected '{sign}'")),
        };
        Ok(Expr::Literal(literal))
    }

    fn named(&mut self, name: String) -> Result<Expr, String> {
        match name.as_str() {
            "true" => return Ok(Expr::Literal(Value::Bool(true))),
            "false" => return Ok(Expr::Literal(Value::Bool(false))),
            "null" => return Ok(Expr::Literal(Value::Null)),
            reserved if RESERVED.contains(&reserved) => {
                return Err(format!("Syntax error: reserved identifier: {reserved}"));
            }
            _ => {}
        }
        if self.take("(") {
            let args = self.list(")")?;
            return call(name, None, args);
        }
        Ok(Expr::Ident(name))
    }

    /// Expressions up to a sign, which may have a comma before it.
    fn list(&mut self, end: &str) -> Result<Vec<Expr>, String> {
        let mut items = Vec::new();
        while !self.take(end) {
            items.push(self.expr()?);
            if !self.take(",") {
                self.expect(end)?;
                break;
            }
        }
        Ok(items)
    }

    fn map(&mut self) -> Result<Expr, String> {
        let mut entries = Vec::new();
        while !self.take("}") {
            let key = self.expr()?;
            self.expect(":")?;
            entries.push((key, self.expr()?));
            if !self.take(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(Expr::Map(entries))
    }
}

fn one_or(mut terms: Vec<Expr>, several: fn(Vec<Expr>) -> Expr) -> Expr {
    match terms.len() {
        1 => terms.remove(0),
        _ => several(terms),
    }
}

/// A call, or what only looks like one.
fn call(name: String, target: Option<Expr>, mut args: Vec<Expr>) -> Result<Expr, String> {
    let Some(target) = target else {
        if name == "has" {
            return match args.pop() {
                Some(Expr::Select {
                    of,
                    field,
                    is_optional: false,
                }) if args.is_empty() => Ok(Expr::Has { of, field }),
                _ => Err("invalid argument to has() macro".to_owned()),
            };
        }
        return Ok(Expr::Call {
            name,
            target: None,
            args,
        });
    };
    let kind = match name.as_str() {
        "all" => LoopKind::All,
        "exists" => LoopKind::Exists,
        "exists_one" | "existsOne" => LoopKind::ExistsOne,
        "filter" => LoopKind::Filter,
        "map" => LoopKind::Map,
        _ => {
            let target = Some(Box::new(target));
            return Ok(Expr::Call { name, target, args });
        }
    };
    each(kind, target, args)
}

fn each(kind: LoopKind, range: Expr, mut args: Vec<Expr>) -> Result<Expr, String> {
    let wrong = || "argument must be a simple name".to_owned();
    let count = args.len();
    let Some(body) = args.pop().filter(|_| count == 2 || count == 3) else {
        return Err("invalid number of arguments to a macro".to_owned());
    };
    let second = if count == 3 { args.pop() } else { None };
    let Some(Expr::Ident(first)) = args.pop() else {
        return Err(wrong());
    };
    let mut variables = vec![first];
    let filter = match (kind, second) {
        (LoopKind::Map, filter) => filter,
        (LoopKind::Filter, Some(_)) => {
            return Err("invalid number of arguments to a macro".to_owned());
        }
        (_, Some(Expr::Ident(second))) => {
            variables.push(second);
            None
        }
        (_, Some(_)) => return Err(wrong()),
        (_, None) => None,
    };
    Ok(Expr::Loop(Box::new(Loop {
        kind,
        range,
        variables,
        filter,
        body,
    })))
}
