//! Forms in the shape that the names of their fields give them, such as `item[ids][]` or `item[steps][0][1][due]`.

use serde_json::{Map, Value};

/// Returns the fields of a form in the shape that their names give them, or `None` if they do not fit each other.
pub(crate) fn of_pairs(pairs: Vec<(String, String)>) -> Option<Value> {
    let mut form = Value::Object(Map::new());
    for (name, text) in pairs {
        let mut place = &mut form;
        for key in name.split('[').map(|key| key.trim_end_matches(']')) {
            place = child(place, key)?;
        }
        *place = Value::String(text);
    }
    without_marks(&mut form);
    Some(form)
}

/// Returns the fields of a form whose text is one line.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("form:?{text}")).unwrap();
    url.query_pairs().into_owned().collect()
}

/// Returns the fields of a form of several parts, or `None` if it is none.
pub(crate) fn parts(media: &str, text: &str) -> Option<Vec<(String, String)>> {
    let (_, boundary) = media.split_once("boundary=")?;
    let boundary = format!("--{}", boundary.trim_matches('"'));
    let mut parts = text.split(&boundary);
    parts.next().filter(|before| before.is_empty())?;
    let mut pairs = Vec::new();
    for part in parts {
        if part.trim_end() == "--" {
            return Some(pairs);
        }
        let (headers, content) = part.split_once("\r\n\r\n")?;
        let (_, name) = headers.split_once(" name=\"")?;
        pairs.push((name.split_once('"')?.0.to_owned(), content.strip_suffix("\r\n")?.to_owned()));
    }
    None
}

/// Writes the fields of a form as several parts, and returns its media type with it.
pub(crate) fn of_parts(pairs: &[(String, String)]) -> (String, String) {
    let boundary = "contract-1b5c";
    let part = |(name, text): &(String, String)| {
        format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let body: String = pairs.iter().map(part).collect();
    (format!("multipart/form-data; boundary={boundary}"), format!("{body}--{boundary}--\r\n"))
}

/// Returns the place of a key, which is made if it is not there: an index of a list, its end, or a name.
fn child<'a>(place: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    let is_list = key.bytes().all(|byte| byte.is_ascii_digit());
    if place.is_null() {
        *place = if is_list { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
    }
    match place {
        Value::Array(items) if is_list => {
            let index = key.parse().unwrap_or(items.len());
            if index == items.len() {
                items.push(Value::Null);
            }
            items.get_mut(index)
        }
        Value::Object(fields) => Some(fields.entry(key).or_insert(Value::Null)),
        _ => None,
    }
}

/// A list of an empty text alone is how a form says that a list is empty.
fn without_marks(value: &mut Value) {
    match value {
        Value::Array(items) if *items == [""] => items.clear(),
        Value::Array(items) => items.iter_mut().for_each(without_marks),
        Value::Object(fields) => fields.values_mut().for_each(without_marks),
        _ => {}
    }
}

#[test]
fn names_give_a_form_its_shape_and_what_does_not_fit_is_none() {
    let text =
        "id=7&item[ids][]=1&item[ids][]=2&item[none][]=&item[steps][0][0][due]=x&item[steps][0][1][due]=y";
    let expected = serde_json::json!({ "id": "7", "item": {
        "ids": ["1", "2"], "none": [], "steps": [[{ "due": "x" }, { "due": "y" }]],
    }});
    assert_eq!(of_pairs(pairs(text)), Some(expected.clone()));
    let (media, body) = of_parts(&pairs(text));
    assert_eq!(parts(&media, &body).and_then(of_pairs), Some(expected));
    for wrong in ["a=1&a[b]=2", "a[2]=1"] {
        assert_eq!(of_pairs(pairs(wrong)), None, "{wrong}");
    }
    assert_eq!(parts(&media, &body[..body.len() - 9]), None, "cut off");
    assert_eq!(parts("multipart/form-data", &body), None, "without a boundary");
}
