//! The Common Expression Language, as far as rules of definitions use it: expressions without side effects that end.
//!
//! An expression is parsed, its types are checked against what is declared, and it is run on values with a budget of steps, so that no
//! rule can keep the server busy, however it is written and whatever it is given.

mod ast;
mod check;
mod eval;
mod functions;
mod lexer;
mod operators;
mod parser;
mod types;
mod value;

pub(crate) use eval::{Budget, Problem};
pub(crate) use types::{Fields, Type};
pub(crate) use value::{Items, ItemsKind, Key, Value};

use ast::Expr;

/// An expression that has been parsed and whose types fit.
#[derive(Debug)]
pub(crate) struct Program {
    expr: Expr,
}

impl Program {
    /// Compiles an expression in which these variables are known, to one that gives a `result`.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the expression.
    pub(crate) fn compile(
        text: &str,
        variables: &[(&str, Type<'_>)],
        result: &Type<'_>,
    ) -> Result<Program, String> {
        let expr = parser::parse(text)?;
        let found = check::check(&expr, variables)?;
        if !found.fits(result) {
            return Err(format!("must evaluate to {result}"));
        }
        Ok(Program { expr })
    }

    /// Whether the expression uses a variable.
    pub(crate) fn uses(&self, variable: &str) -> bool {
        self.expr.uses(variable)
    }

    /// Evaluates the expression.
    ///
    /// # Errors
    ///
    /// Says what went wrong, or that the budget is used up.
    pub(crate) fn run(
        &self,
        variables: &[(&str, Value)],
        budget: &mut Budget,
    ) -> Result<Value, Problem> {
        eval::run(&self.expr, variables, budget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> Result<Value, String> {
        let program = Program::compile(text, &[], &Type::Dyn)?;
        let result = program.run(&[], &mut Budget::default());
        result.map_err(|problem| problem.to_string())
    }

    #[test]
    fn expressions_that_are_true() {
        let expressions = [
            "1 + 2 * 3 == 7",
            "(1 + 2) * 3 == 9",
            "7 / 2 == 3 && 7 % 2 == 1 && -7 / 2 == -3",
            "1.5 < 2 && 3u > 2",
            "'abc'.startsWith('ab') && 'abc'.endsWith('bc') && 'abc'.contains('b')",
            "'abc'.matches('^[a-c]+$')",
            "size('h\\u00e9') == 2 && 'x'.size() == 1 && [1, 2].size() == 2",
            "[1, 2, 3].all(x, x > 0)",
            "[1, 2, 3].exists(x, x == 2) && ![1].exists(x, x > 1)",
            "[1, 2, 2].exists_one(x, x == 1)",
            "[1, 2, 3].filter(x, x > 1) == [2, 3]",
            "[1, 2].map(x, x * 2) == [2, 4]",
            "[1, 2, 3].map(x, x > 1, x + 1) == [3, 4]",
            "{'a': 1}.all(k, k == 'a')",
            "'a' in {'a': 1} && !('b' in ['a'])",
            "has({'a': 1}.a) && !has({'a': 1}.b)",
            "{'a': {'b': [1, 2]}}.a.b[1] == 2",
            "true || 1 / 0 == 1",
            "1 / 0 == 1 || true",
            "!(false && 1 / 0 == 1)",
            "true ? 1 == 1 : 1 / 0 == 1",
            "type(1) == int && type('') == string",
            "int('42') == 42 && string(42) == '42' && double('1.5') == 1.5",
            "duration('1h30m') > duration('45m')",
            "timestamp('2020-01-02T03:04:05Z').getFullYear() == 2020",
            "timestamp('2020-01-01T01:00:00Z') - timestamp('2020-01-01T00:00:00Z') == duration('1h')",
            "['b', 'a'].isSorted() == false && [3, 1].min() == 1 && [3, 1].sum() == 4",
            "'a,b'.split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b'",
            "'Ab'.lowerAscii() == 'ab' && ' x '.trim() == 'x' && 'abc'.substring(1, 2) == 'b'",
            "'abc'.indexOf('c') == 2 && 'abc'.charAt(0) == 'a' && 'aa'.replace('a', 'b') == 'bb'",
            "'x1y22'.find('[0-9]+') == '1' && 'x1y22'.findAll('[0-9]+') == ['1', '22']",
            "b'a' == bytes('a')",
            "r'\\d' == '\\\\d' && 0x1F == 31 && 1e3 == 1000.0",
            "optional.of(1).hasValue() && optional.none().orValue(2) == 2 && {'a': 1}[?'b'].orValue(3) == 3",
        ];
        for text in expressions {
            let result = run(text);
            assert!(
                matches!(result, Ok(Value::Bool(true))),
                "{text}: {result:?}"
            );
        }
    }

    #[test]
    fn what_is_wrong_is_said_when_compiling() {
        let expressions = [
            "", "1 +", "nope", "'a' + 1", "1.nope()", "[1, 2", "'a", "size()", "1 == 'a'",
        ];
        for text in expressions {
            assert!(Program::compile(text, &[], &Type::Dyn).is_err(), "{text}");
        }
        assert!(Program::compile("1", &[], &Type::Bool).is_err());
    }

    #[test]
    fn what_goes_wrong_is_said_when_running() {
        let cases = [
            ("1 / 0", "division by zero"),
            ("9223372036854775807 + 1", "integer overflow"),
            ("[1][2]", "index out of bounds: 2"),
            ("{'a': 1}['b']", "no such key: b"),
        ];
        for (text, problem) in cases {
            assert_eq!(run(text).expect_err(text), problem);
        }
    }

    #[test]
    fn an_expression_that_takes_too_long_is_stopped() {
        let numbers = (0..200).map(|n| n.to_string());
        let list = format!("[{}]", numbers.collect::<Vec<_>>().join(","));
        let text = format!("{list}.all(a, {list}.all(b, {list}.all(c, a + b + c >= 0)))");
        let problem = run(&text).expect_err("it takes too long");
        assert!(problem.contains("cost limit exceeded"), "{problem}");
    }

    #[test]
    fn an_expression_that_is_too_deep_is_refused() {
        for text in [
            format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000)),
            format!("1{}", " + 1".repeat(10_000)),
            format!("{}true", "!".repeat(10_000)),
            format!("[1]{}", "[0]".repeat(10_000)),
        ] {
            assert!(Program::compile(&text, &[], &Type::Dyn).is_err());
        }
        let long = format!("true{}", " && true".repeat(1000));
        assert!(Program::compile(&long, &[], &Type::Bool).is_ok());
    }
}
