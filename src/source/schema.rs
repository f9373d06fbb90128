//! The JSON Schema of a shape, for editors.

use super::shape::{Key, KeysOfKind, Shape};
use serde_json::{Value, json};

impl Shape {
    /// The whole schema document (draft 2020-12) of a file of this shape.
    pub fn document(&self, title: &str) -> Value {
        let mut schema = self.schema();
        if let Some(object) = schema.as_object_mut() {
            object.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
            object.insert("title".into(), title.into());
        }
        schema
    }

    fn schema(&self) -> Value {
        match self {
            Self::Text => json!({"type": ["string", "number", "boolean"]}),
            Self::Integer { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
            Self::Bool => json!({"type": "boolean"}),
            Self::Leaf(leaf) | Self::Template(leaf) => {
                let mut schema =
                    json!({"type": ["string", "number"], "description": format!("Expected: {}.", leaf.expected)});
                if let Some(pattern) = leaf.pattern {
                    schema["pattern"] = format!("^(?:{pattern}|.*\\$\\{{.*)$").into();
                }
                schema
            }
            Self::Words(words) => json!({"enum": (words.words)()}),
            Self::List(item) => json!({"type": "array", "minItems": 1, "items": item.schema()}),
            Self::Map { key, value } => map_schema(key, value),
            Self::Keys { keys, .. } => keys_schema(keys.iter()),
            Self::Kinds { tag, common, kinds, .. } => {
                let of_kind = |kind: &KeysOfKind| {
                    let mut schema = keys_schema(common.iter().chain(kind.keys));
                    schema["properties"][*tag] = json!({"const": kind.word});
                    schema
                };
                json!({"oneOf": kinds.iter().map(of_kind).collect::<Vec<_>>()})
            }
            Self::Either(shapes) => {
                let any: Vec<Value> = shapes.iter().map(|s| s.schema()).collect();
                json!({"anyOf": any})
            }
            Self::Any => json!({}),
        }
    }
}

fn map_schema(key: &Shape, value: &Shape) -> Value {
    let mut schema = json!({"type": "object", "minProperties": 1, "additionalProperties": value.schema()});
    if let Shape::Words(words) = key {
        schema["propertyNames"] = json!({"enum": (words.words)()});
    }
    schema
}

fn keys_schema(keys: impl Iterator<Item = &'static Key> + Clone) -> Value {
    let described = |key: &Key| {
        let mut schema = key.shape.schema();
        schema["description"] = key.about.into();
        (key.name.to_owned(), schema)
    };
    let properties: serde_json::Map<String, Value> = keys.clone().map(described).collect();
    let required: Vec<&str> = keys.filter(|k| k.required).map(|k| k.name).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}
