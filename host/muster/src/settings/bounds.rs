//! Bounds: what checking against a stranger's schema may cost.
//!
//! References make a schema larger than it is: thirty definitions that each name the next one twice are two kilobytes and
//! a billion schemas, and a validator visits them all. So a schema is walked here first, as far as the settings are deep,
//! and given up where that is too far. For the walk to see what a validator would, references stay within the schema.

use serde_json::{Map, Value};

/// How many values of a schema may be looked at, each as often as references lead to it.
const MOST_VISITS: usize = 100_000;
/// How deep they may lie, counted along references.
const DEEPEST: usize = 256;
/// How many patterns there may be; each takes up to [`PATTERN_BYTES`].
const MOST_PATTERNS: usize = 64;
/// How large a compiled pattern may be.
pub(super) const PATTERN_BYTES: usize = 1 << 20;

/// Makes sure that settings can be checked against a schema with bounded time and memory, or says why not.
pub(super) fn check(schema: &Value, settings: &Value) -> Result<(), String> {
    if patterns(schema) > MOST_PATTERNS {
        return Err(format!("it has more than {MOST_PATTERNS} patterns"));
    }
    let old = schema.get("$schema").and_then(Value::as_str).is_some_and(|named| named.contains("draft-04"));
    let again = depth(settings) + 2;
    Walk { schema, id: if old { "id" } else { "$id" }, again, visits: 0, followed: Vec::new() }
        .visit(schema, 0)
}

struct Walk<'a> {
    schema: &'a Value,
    /// The keyword that gives a part of a schema a name of its own, to which references in it would be relative.
    id: &'static str,
    /// How often a path may come back to where a reference led: every time the settings must have become less deep.
    again: usize,
    visits: usize,
    followed: Vec<&'a Value>,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, value: &'a Value, depth: usize) -> Result<(), String> {
        self.visits += 1;
        if self.visits > MOST_VISITS || depth > DEEPEST {
            return Err("with its references it is too large to be checked".to_owned());
        }
        match value {
            Value::Array(values) => values.iter().try_for_each(|value| self.visit(value, depth + 1)),
            Value::Object(map) => self.visit_map(map, std::ptr::eq(value, self.schema), depth),
            _ => Ok(()),
        }
    }

    fn visit_map(&mut self, map: &'a Map<String, Value>, whole: bool, depth: usize) -> Result<(), String> {
        let named = |keyword| map.get(keyword).and_then(Value::as_str);
        if let Some(keyword) =
            ["$dynamicRef", "$recursiveRef"].into_iter().find(|keyword| map.contains_key(*keyword))
        {
            return Err(format!("{keyword} is not supported"));
        }
        if !whole && named(self.id).is_some() {
            return Err(format!("{} is not supported inside of it", self.id));
        }
        if let Some(reference) = named("$ref") {
            let pointer = reference.strip_prefix('#').filter(|pointer| !pointer.contains('%'));
            let target = pointer.and_then(|pointer| self.schema.pointer(pointer));
            let target = target
                .ok_or_else(|| format!("the reference {reference:?} does not lead to a place in it"))?;
            self.follow(target, depth)?;
        }
        for (key, value) in map {
            // What is defined counts where it is used.
            if !(whole && matches!(key.as_str(), "$defs" | "definitions")) {
                self.visit(value, depth + 1)?;
            }
        }
        Ok(())
    }

    fn follow(&mut self, target: &'a Value, depth: usize) -> Result<(), String> {
        if self.followed.iter().filter(|earlier| std::ptr::eq(**earlier, target)).count() >= self.again {
            return Ok(());
        }
        self.followed.push(target);
        let visited = self.visit(target, depth + 1);
        self.followed.pop();
        visited
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or_default(),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// Returns how many regular expressions a schema has.
fn patterns(value: &Value) -> usize {
    match value {
        Value::Array(values) => values.iter().map(patterns).sum(),
        Value::Object(map) => {
            let own = usize::from(map.get("pattern").is_some_and(Value::is_string));
            let keys = map.get("patternProperties").and_then(Value::as_object).map_or(0, Map::len);
            own + keys + map.values().map(patterns).sum::<usize>()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Definitions that each name the next one twice.
    fn doubling(times: usize) -> Value {
        let mut schema = json!({ "$ref": "#/$defs/0", "$defs": { times.to_string(): { "type": "string" } } });
        for at in 0..times {
            let next = json!({ "$ref": format!("#/$defs/{}", at + 1) });
            schema["$defs"][at.to_string()] = json!({ "anyOf": [next, next] });
        }
        schema
    }

    #[test]
    fn a_schema_that_multiplies_itself_is_refused() {
        assert!(check(&doubling(5), &json!({})).is_ok());
        assert!(check(&doubling(40), &json!({})).is_err());
        let twice =
            json!({ "allOf": [{ "properties": { "a": { "$ref": "#" } } }, { "items": { "$ref": "#" } }] });
        let deep = |levels| (0..levels).fold(json!(1), |inner, _| json!({ "a": inner }));
        assert!(check(&twice, &deep(3)).is_ok());
        assert!(check(&twice, &deep(60)).is_err());
        let chain: Map<_, _> =
            (0..1000).map(|at| (at.to_string(), json!({ "$ref": format!("#/$defs/{}", at + 1) }))).collect();
        assert!(check(&json!({ "$ref": "#/$defs/0", "$defs": chain }), &json!({})).is_err());
    }

    #[test]
    fn what_refers_to_itself_is_no_harm_where_the_settings_end() {
        let tree = json!({
            "$ref": "#/definitions/tree",
            "definitions": { "tree": { "properties": {
                "left": { "$ref": "#/definitions/tree" }, "right": { "$ref": "#/definitions/tree" } } } }
        });
        assert_eq!(check(&tree, &json!({ "left": { "right": { "left": {} } } })), Ok(()));
        assert_eq!(check(&json!({ "$ref": "#" }), &json!({})), Ok(()));
    }

    #[test]
    fn references_that_could_hide_something_are_refused() {
        for schema in [
            json!({ "$ref": "other.json" }),
            json!({ "$ref": "#anchor", "$anchor": "anchor" }),
            json!({ "$ref": "#/$defs/%61", "$defs": { "a": {} } }),
            json!({ "items": { "$dynamicRef": "#n" } }),
            json!({ "items": { "$id": "x", "$ref": "#/$defs/a" }, "$defs": { "a": {} } }),
            json!({ "$schema": "http://json-schema.org/draft-04/schema#", "items": { "id": "x" } }),
        ] {
            assert!(check(&schema, &json!({})).is_err(), "{schema}");
        }
        assert!(
            check(&json!({ "$id": "x", "properties": { "id": { "const": "$id" } } }), &json!({})).is_ok()
        );
    }

    #[test]
    fn patterns_are_counted() {
        let patterns = |count: usize| json!({ "allOf": vec![json!({ "pattern": "a" }); count] });
        assert!(check(&patterns(64), &json!({})).is_ok());
        assert!(check(&patterns(65), &json!({})).is_err());
    }
}
