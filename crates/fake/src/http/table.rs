//! Tables: objects in columns for people, as `kubectl get` prints them.

mod age;
mod built_in;
mod cells;
mod custom;

use bytes::{BufMut, BytesMut};
use serde::Serialize;
use serde_json::{Value, json};

use super::negotiate::{MetaVersion, Shape};
use super::query::Query;
use super::respond::{list_metadata, metadata_types, write_metadata};
use crate::answer::List;
use crate::clock::Clock;
use crate::failure::{self, Failure};
use crate::object::{Object, Types};
use crate::registry::Resource;

/// What the makers of tables need to know beside the objects.
#[derive(Clone, Debug)]
pub(crate) struct TableOptions {
    include: Include,
    clock: Clock,
}

/// What a row carries of its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Include {
    Nothing,
    Metadata,
    Object,
}

/// A table being written.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    types: &'a Types,
    table_types: Types,
    metadata_types: Types,
    options: &'a TableOptions,
    printer: Printer<'a>,
    metadata: Value,
    columns: bool,
    rows: BytesMut,
}

/// How objects of a kind become cells.
#[derive(Debug)]
enum Printer<'a> {
    BuiltIn(&'static [built_in::Column]),
    Custom(Vec<custom::Column<'a>>),
}

/// The definition of a column, as in `metav1.TableColumnDefinition`.
#[derive(Debug, Serialize)]
struct ColumnDefinition<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    value_type: &'a str,
    format: &'a str,
    description: String,
    priority: i64,
}

impl TableOptions {
    /// Reads what a client wants in its rows.
    ///
    /// # Errors
    ///
    /// 400 for what cannot be included, if a table is asked for.
    pub(crate) fn of(query: &Query, shape: Shape, clock: &Clock) -> Result<Self, Failure> {
        let include = match query.text("includeObject") {
            "None" => Include::Nothing,
            "Object" => Include::Object,
            "" | "Metadata" => Include::Metadata,
            other if matches!(shape, Shape::Table(_)) => {
                let message = format!(
                    "Invalid value: {other:?}: must be unspecified or one of \"None\", \"Metadata\", \"Object\""
                );
                return Err(failure::bad_request(message));
            }
            _ => Include::Metadata,
        };
        Ok(Self {
            include,
            clock: clock.clone(),
        })
    }
}

impl<'a> Table<'a> {
    /// Begins a table of objects of `types`, which belong to `resource` but may be those of a subresource.
    pub(crate) fn new(
        resource: &'a Resource,
        types: &'a Types,
        version: MetaVersion,
        options: &'a TableOptions,
    ) -> Self {
        let printer = match resource.custom() {
            _ if *types != resource.types => Printer::BuiltIn(built_in::subresource_columns(types)),
            Some(custom) => Printer::Custom(custom::columns(custom)),
            None => Printer::BuiltIn(built_in::columns(&resource.group, &resource.plural)),
        };
        Self {
            types,
            table_types: Types::new("meta.k8s.io", version.name(), "Table"),
            metadata_types: metadata_types(version),
            options,
            printer,
            metadata: json!({}),
            columns: true,
            rows: BytesMut::new(),
        }
    }

    /// Leaves out the definitions of the columns, which a watcher has seen.
    pub(crate) fn without_columns(&mut self) {
        self.columns = false;
    }

    /// The version of a table of one object.
    pub(crate) fn resource_version(&mut self, revision: u64) {
        self.metadata = json!({"resourceVersion": revision.to_string()});
    }

    /// Takes over all of a list.
    pub(crate) fn list(&mut self, list: &List) {
        self.metadata = list_metadata(list);
        // A table has a continue token only if there is more.
        if let (None, Value::Object(metadata)) = (&list.continue_token, &mut self.metadata) {
            metadata.remove("continue");
        }
        for object in &list.items {
            self.row(object);
        }
    }

    /// Adds an object.
    pub(crate) fn row(&mut self, object: &Object) {
        let document = Value::Object(object.document());
        let now = self.options.clock.now();
        let cells: Vec<Value> = match &self.printer {
            Printer::BuiltIn(columns) => columns
                .iter()
                .map(|column| column.cell(&document, now))
                .collect(),
            Printer::Custom(columns) => std::iter::once(object.content().name().into())
                .chain(columns.iter().map(|column| column.cell(&document, now)))
                .collect(),
        };
        if !self.rows.is_empty() {
            self.rows.put_u8(b',');
        }
        self.rows.put_slice(br#"{"cells":"#);
        self.rows
            .put_slice(Value::Array(cells).to_string().as_bytes());
        self.rows.put_slice(br#","object":"#);
        match self.options.include {
            Include::Nothing => self.rows.put_slice(b"null"),
            Include::Metadata => write_metadata(object, &self.metadata_types, &mut self.rows),
            Include::Object => object.write_json(Some(self.types), &mut self.rows),
        }
        self.rows.put_u8(b'}');
    }

    /// Appends the table as JSON.
    pub(crate) fn write(self, out: &mut BytesMut) {
        let head = format!(
            r#"{{{},"metadata":{},"columnDefinitions":"#,
            self.table_types.json(),
            self.metadata
        );
        out.put_slice(head.as_bytes());
        if self.columns {
            // Encoding to memory does not fail.
            let _ = serde_json::to_writer(out.writer(), &self.printer.definitions());
        } else {
            out.put_slice(b"null");
        }
        out.put_slice(br#","rows":["#);
        out.put_slice(&self.rows);
        out.put_slice(b"]}");
    }
}

impl Printer<'_> {
    fn definitions(&self) -> Vec<ColumnDefinition<'_>> {
        match self {
            Self::BuiltIn(columns) => columns.iter().map(built_in::Column::definition).collect(),
            Self::Custom(columns) => std::iter::once(ColumnDefinition::name())
                .chain(columns.iter().map(custom::Column::definition))
                .collect(),
        }
    }
}

impl ColumnDefinition<'_> {
    /// The first column of every table.
    fn name() -> Self {
        ColumnDefinition {
            name: "Name",
            value_type: "string",
            format: "name",
            description: "The name of the object, unique among those of its kind in its namespace."
                .to_owned(),
            priority: 0,
        }
    }
}
