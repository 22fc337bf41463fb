//! What must not compile.

#[test]
fn a_wrong_scope_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
