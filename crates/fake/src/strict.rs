//! What is odd about a document: fields that its type does not have, and fields that are there twice.

mod tree;

use crate::schema::{Member, Schema};
pub(crate) use tree::Tree;

/// After this many oddities nobody looks for more, as in the API server.
const MOST: usize = 100;

/// The oddities of a document that is read as an object of this type, in the order of the document.
pub(crate) fn oddities(tree: &Tree, schema: Schema) -> Vec<String> {
    let mut found = Vec::new();
    look(tree, Member::Known(schema), &mut String::new(), &mut found);
    found
}

/// How a field is called that the type does not have.
pub(crate) fn unknown(path: &str) -> String {
    format!("unknown field \"{path}\"")
}

fn look(tree: &Tree, is: Member, path: &mut String, found: &mut Vec<String>) {
    let end = path.len();
    match tree {
        Tree::Scalar(_) => {}
        Tree::List(items) => {
            let items_are = is.items();
            for (index, item) in items.iter().enumerate() {
                path.push_str(&format!("[{index}]"));
                look(item, items_are, path, found);
                path.truncate(end);
            }
        }
        Tree::Object(fields) => {
            for (index, (name, value)) in fields.iter().enumerate() {
                if end > 0 {
                    path.push('.');
                }
                path.push_str(name);
                if fields[..index].iter().any(|(earlier, _)| earlier == name) {
                    report(format!("duplicate field \"{path}\""), found);
                }
                match is.field(name) {
                    Member::Unknown => report(unknown(path), found),
                    field => look(value, field, path, found),
                }
                path.truncate(end);
            }
        }
    }
}

fn report(oddity: String, found: &mut Vec<String>) {
    if found.len() < MOST && !found.contains(&oddity) {
        found.push(oddity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_config_map(json: &str) -> Vec<String> {
        let tree = serde_json::from_str(json).expect("JSON");
        oddities(&tree, Schema::of_built_in("", "v1", "ConfigMap"))
    }

    #[test]
    fn oddities_are_told_in_the_order_of_the_document() {
        let json = r#"{"zzz": 1, "metadata": {"name": "a", "name": "b", "odd": {}}, "data": {"k": "", "k": ""}, "aaa": {}}"#;
        assert_eq!(
            of_config_map(json),
            [
                r#"unknown field "zzz""#,
                r#"duplicate field "metadata.name""#,
                r#"unknown field "metadata.odd""#,
                r#"duplicate field "data.k""#,
                r#"unknown field "aaa""#,
            ]
        );
    }

    #[test]
    fn each_is_told_once_and_not_without_end() {
        assert_eq!(of_config_map(r#"{"a": 1, "a": 2, "a": 3}"#).len(), 2);
        let fields: Vec<String> = (0..1000).map(|n| format!("\"f{n}\": 0")).collect();
        let json = format!("{{{}}}", fields.join(","));
        assert_eq!(of_config_map(&json).len(), MOST);
    }
}
