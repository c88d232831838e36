//! Bodies of `multipart/form-data`, read into the same shape as JSON.
//!
//! The name of a part says where its value belongs, as in forms on the web: `submittal[number]`, `ids[]`, `steps[0][1][due]`.
//! Values are texts, or JSON where a part says that it is. Files are passed over: nothing here keeps any.

use axum::body::Bytes;
use futures_util::stream;
use multer::Multipart;
use serde_json::{Map, Value};

/// How many parts a form may have.
const PARTS: usize = 1000;
/// How long a list may get by its indices, and how deep a name may reach.
const LIST: usize = 1000;
const DEPTH: usize = 8;

/// Reads a form.
///
/// # Errors
///
/// Says why it is none.
pub(super) async fn read(content_type: &str, body: Bytes) -> Result<Value, String> {
    let boundary = multer::parse_boundary(content_type).map_err(|error| error.to_string())?;
    let whole = stream::iter([Ok::<_, std::convert::Infallible>(body)]);
    let mut parts = Multipart::new(whole, boundary);
    let mut form = Value::Object(Map::new());
    let mut count = 0;
    while let Some(part) = parts.next_field().await.map_err(|error| error.to_string())? {
        count += 1;
        if count > PARTS {
            return Err("there are too many parts".to_owned());
        }
        if part.file_name().is_some() {
            continue;
        }
        let name = part.name().ok_or("a part has no name")?.to_owned();
        let json = part.content_type().is_some_and(|kind| kind.essence_str() == "application/json");
        let text = part.text().await.map_err(|error| error.to_string())?;
        let value = if json {
            serde_json::from_str(&text).map_err(|_| format!("{name} is no JSON"))?
        } else {
            Value::String(text)
        };
        put(&mut form, &name, value).ok_or_else(|| format!("{name} does not fit the other parts"))?;
    }
    Ok(form)
}

/// Gives values that came as texts the types that they have in JSON. What can't have its type stays a text, to be refused
/// by whoever reads it.
pub(crate) fn type_fields(fields: &mut Map<String, Value>, numbers: &[&str], flags: &[&str]) {
    for (name, value) in fields {
        if numbers.contains(&name.as_str()) {
            each(value, &|text| match text {
                "" => Some(Value::Null),
                _ => text.parse::<u64>().ok().map(Value::from),
            });
        } else if flags.contains(&name.as_str()) {
            each(value, &|text| text.parse::<bool>().ok().map(Value::from));
        }
    }
}

fn each(value: &mut Value, read: &impl Fn(&str) -> Option<Value>) {
    match value {
        // An empty part is how a form says that a list is empty.
        Value::Array(values) if values.iter().all(|value| value == "") => values.clear(),
        Value::Array(values) => values.iter_mut().for_each(|value| each(value, read)),
        Value::String(text) => {
            if let Some(typed) = read(text) {
                *value = typed;
            }
        }
        _ => {}
    }
}

/// Puts a value where its name says.
fn put(form: &mut Value, name: &str, value: Value) -> Option<()> {
    let (first, rest) = name.split_once('[').map_or((name, None), |(first, rest)| (first, Some(rest)));
    let mut keys = vec![first];
    if let Some(rest) = rest {
        keys.extend(rest.strip_suffix(']')?.split("]["));
    }
    if keys.len() > DEPTH {
        return None;
    }
    let mut place = form;
    for key in keys {
        place = child(place, key)?;
    }
    *place = value;
    Some(())
}

/// Returns the place of a key, which is made if it is not there: an index of a list, the end of one, or a name.
fn child<'a>(place: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    let index = if key.is_empty() { Some(None) } else { key.parse::<usize>().ok().map(Some) };
    let Some(index) = index else {
        if place.is_null() {
            *place = Value::Object(Map::new());
        }
        return Some(place.as_object_mut()?.entry(key).or_insert(Value::Null));
    };
    if place.is_null() {
        *place = Value::Array(Vec::new());
    }
    let list = place.as_array_mut()?;
    let index = index.unwrap_or(list.len());
    if index == list.len() && index < LIST {
        list.push(Value::Null);
    }
    list.get_mut(index)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(parts: &[(&str, &str, &str)]) -> (String, Bytes) {
        let mut body = String::new();
        for (name, headers, value) in parts {
            body += &format!(
                "--X\r\nContent-Disposition: form-data; name=\"{name}\"{headers}\r\n\r\n{value}\r\n"
            );
        }
        ("multipart/form-data; boundary=X".to_owned(), Bytes::from(body + "--X--\r\n"))
    }

    async fn read_parts(parts: &[(&str, &str, &str)]) -> Result<Value, String> {
        let (kind, body) = form(parts);
        read(&kind, body).await
    }

    #[tokio::test]
    async fn names_say_where_values_belong() {
        let read = read_parts(&[
            ("project_id", "", "7"),
            ("item[number]", "", "07 21-1"),
            ("item[ids][]", "", "1"),
            ("item[ids][]", "", "2"),
            ("item[steps][0][0][user]", "", "1"),
            ("item[steps][0][1][user]", "", "2"),
            ("item[steps][1][0][user]", "", "3"),
            ("item[due]", "\r\nContent-Type: application/json", "null"),
            ("item[files][]", "; filename=\"a.txt\"", "…"),
        ]);
        let expected = json!({
            "project_id": "7",
            "item": {
                "number": "07 21-1",
                "ids": ["1", "2"],
                "steps": [[{ "user": "1" }, { "user": "2" }], [{ "user": "3" }]],
                "due": null,
            },
        });
        assert_eq!(read.await.unwrap(), expected);
    }

    #[tokio::test]
    async fn what_does_not_fit_is_refused() {
        for parts in [
            vec![("a", "", "1"), ("a[b]", "", "2")],
            vec![("a[5]", "", "1")],
            vec![("a[b", "", "1")],
            vec![("a[1][2][3][4][5][6][7][8]", "", "1")],
            vec![("a", "\r\nContent-Type: application/json", "{")],
        ] {
            assert!(read_parts(&parts).await.is_err(), "{parts:?}");
        }
        let (kind, body) = form(&[("a", "", "1")]);
        assert!(read("multipart/form-data", body.clone()).await.is_err(), "no boundary");
        assert!(read(&kind, body.slice(..20)).await.is_err(), "cut off");
        assert!(read_parts(&vec![("a[]", "", "1"); PARTS + 1]).await.is_err());
    }

    #[test]
    fn texts_get_the_types_of_their_fields() {
        let mut fields = Map::from_iter([
            ("id".to_owned(), json!("7")),
            ("gone".to_owned(), json!("")),
            ("ids".to_owned(), json!(["1", "x"])),
            ("none".to_owned(), json!([""])),
            ("private".to_owned(), json!("true")),
            ("name".to_owned(), json!("7")),
        ]);
        type_fields(&mut fields, &["id", "gone", "ids", "none"], &["private"]);
        let expected =
            json!({ "id": 7, "gone": null, "ids": [1, "x"], "none": [], "private": true, "name": "7" });
        assert_eq!(Value::Object(fields), expected);
    }
}
