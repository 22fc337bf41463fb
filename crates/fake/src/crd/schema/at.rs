//! Finding the schema of a field.

use super::Structural;

impl Structural {
    /// The schema at a path such as `.spec.list['a.b']`; `None` if the schema has no such field, or the path is none.
    pub(crate) fn at(&self, path: &str) -> Option<&Structural> {
        let (mut schema, mut rest) = (self, path);
        while !rest.is_empty() {
            let (name, after) = step(rest)?;
            schema = match schema.properties.is_empty() {
                true => schema.value()?,
                false => schema.properties.get(&name)?,
            };
            rest = after;
        }
        Some(schema)
    }

    /// The same path as the API server writes it: with a dot before each field.
    pub(crate) fn normal_path(path: &str) -> String {
        let mut names = Vec::new();
        let mut rest = path;
        while let Some((name, after)) = step(rest) {
            names.push(name);
            rest = after;
        }
        names.join(".")
    }
}

/// The first name of a path, and what follows it.
fn step(path: &str) -> Option<(String, &str)> {
    if let Some(quoted) = path.strip_prefix("['") {
        return quoted_name(quoted);
    }
    let path = path.strip_prefix('.')?;
    let end = path.find(['.', '[', ']']).unwrap_or(path.len());
    let (name, rest) = path.split_at(end);
    (!name.is_empty()).then(|| (name.to_owned(), rest))
}

fn quoted_name(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\'' => return Some((name, text[at + 1..].strip_prefix(']')?)),
            '\\' => name.push(characters.next()?.1),
            other => name.push(other),
        }
    }
    None
}
