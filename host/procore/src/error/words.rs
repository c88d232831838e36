//! Procore's own words, taken out of whatever shape its refusal has.
//!
//! Procore is not uniform: lists, maps of fields, three generations of error objects, OAuth's shape, and plain text or
//! HTML from gateways (developers.procore.com, error reference; Procore's OpenAPI file of 2024). What comes out is
//! bounded, without control or direction characters, and without the secrets that it was told to hide.

use serde_json::{Map, Value};

/// How many characters of an answer are kept.
pub(super) const LONGEST: usize = 300;

/// How many bytes of words are gathered, before they are cut to what is kept. A field's name is repeated before each of its
/// words, so that little could say much.
const MOST_SAID: usize = 64 << 10;

/// Keys that hold words but say nothing themselves, in the order in which their words are kept.
const HOLDERS: [&str; 8] =
    ["errors", "error", "error_description", "message", "reason", "base", "fields", "details"];

/// Keys inside an error object that are for machines.
const CODES: [&str; 2] = ["code", "source"];

/// Returns what a refusal says, or `None` if it says nothing. Secrets shorter than six characters are not hidden, since
/// they would take ordinary words with them.
pub(super) fn of_body(content_type: &str, body: &[u8], hide: &[&str]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    let words = match serde_json::from_str::<Value>(text) {
        Ok(value) => {
            let mut said = String::new();
            collect(&value, "", &mut said);
            said
        }
        Err(_) if content_type.contains("html") || text.starts_with('<') => of_html(text),
        Err(_) => text.to_owned(),
    };
    // First, or a secret with such a character in it would come together again once it is not looked for any more.
    let mut words = without_turns(&words);
    for secret in hide.iter().filter(|secret| secret.len() >= 6) {
        words = words.replace(secret, "[redacted]");
    }
    clean(&words)
}

/// Returns the text on one line, without control and direction characters, cut to what is kept.
pub(crate) fn clean(text: &str) -> Option<String> {
    let visible = without_turns(text).replace(char::is_control, " ");
    cut(&visible.split_whitespace().collect::<Vec<_>>().join(" "), LONGEST)
}

/// Returns the text, or so many characters of it; `None` if that is nothing.
pub(super) fn cut(text: &str, longest: usize) -> Option<String> {
    let mut kept: String = text.chars().take(longest).collect();
    if kept.len() < text.len() && kept.pop().is_some() {
        kept.push('…');
    }
    (!kept.is_empty()).then_some(kept)
}

/// Returns the text without the characters that change its direction.
fn without_turns(text: &str) -> String {
    text.replace(turns_text, "")
}

/// Characters that change the direction of text, and with it what a reader believes to read.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Adds what `value` says; `field` is the field that it is about, or empty.
fn collect(value: &Value, field: &str, said: &mut String) {
    if said.len() >= MOST_SAID {
        return;
    }
    match value {
        Value::String(text) => {
            let before = if said.is_empty() { "" } else { "; " };
            let between = if field.is_empty() { "" } else { ": " };
            said.extend([before, field, between, text]);
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, field, said)),
        Value::Object(map) => collect_map(map, field, said),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn collect_map(map: &Map<String, Value>, field: &str, said: &mut String) {
    for holder in HOLDERS {
        map.get(holder).into_iter().for_each(|value| collect(value, field, said));
    }
    // Beside `errors` or `message` other keys are no fields but the rest of an answer.
    if HOLDERS.iter().any(|holder| map.contains_key(*holder)) {
        return;
    }
    for (name, value) in map.iter().filter(|(name, _)| !CODES.contains(&name.as_str())) {
        collect(value, name, said);
    }
}

/// Returns the title of a page, or else its text.
fn of_html(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let title = lower.find("<title>").map(|start| start + "<title>".len()).and_then(|start| {
        let end = lower.get(start..)?.find('<')?;
        page.get(start..start + end)
    });
    match title {
        Some(title) if !title.trim().is_empty() => title.to_owned(),
        _ => without_tags(page),
    }
}

fn without_tags(page: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in page.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_shape_of_a_refusal_gives_its_words() {
        let table: &[(&str, &str, Option<&str>)] = &[
            (
                "list",
                r#"{"errors":["App is not connected to this company."]}"#,
                Some("App is not connected to this company."),
            ),
            ("map of fields", r#"{"errors":{"assignees":["required"]}}"#, Some("assignees: required")),
            ("one word a field", r#"{"errors":{"name":"is taken"}}"#, Some("name: is taken")),
            (
                "base and fields",
                r#"{"errors":{"base":["Bad day"],"fields":{"name":["is taken","is short"]}}}"#,
                Some("Bad day; name: is taken; name: is short"),
            ),
            (
                "list of objects",
                r#"{"errors":[{"id":5,"errors":{"id":["not found"]}}]}"#,
                Some("id: not found"),
            ),
            ("text", r#"{"errors":"no"}"#, Some("no")),
            (
                "code and message",
                r#"{"code":403,"message":"Not allowed","fields":"email_address"}"#,
                Some("Not allowed; email_address"),
            ),
            (
                "reason and error",
                r#"{"reason":"no_access","error":"You may not"}"#,
                Some("You may not; no_access"),
            ),
            (
                "v2",
                r#"{"error":{"code":"403","message":"Forbidden","details":[{"code":"x","message":"Directory","source":"/user"}]}}"#,
                Some("Forbidden; Directory"),
            ),
            ("v2 without details", r#"{"error":{"code":"500","message":"Oops"}}"#, Some("Oops")),
            (
                "OAuth",
                r#"{"error":"invalid_client","error_description":"Client authentication failed"}"#,
                Some("invalid_client; Client authentication failed"),
            ),
            ("bare map", r#"{"name":["is taken"]}"#, Some("name: is taken")),
            ("bare list", r#"["one","two"]"#, Some("one; two")),
            ("bare text as JSON", r#""no""#, Some("no")),
            ("no words", r#"{"errors":[]}"#, None),
            ("numbers only", r#"{"status":500}"#, None),
            ("empty", "", None),
            (
                "plain text",
                "Missing Procore-Company-Id header!\n",
                Some("Missing Procore-Company-Id header!"),
            ),
            (
                "page with title",
                "<html><head><TITLE>502 Bad Gateway</TITLE></head><body>x</body></html>",
                Some("502 Bad Gateway"),
            ),
            (
                "page without title",
                "<html><body><h1>Oh no</h1><p>We are down</p></body></html>",
                Some("Oh no We are down"),
            ),
            ("page that never ends", "<html><title>Half", Some("Half")),
            ("half of JSON", r#"{"errors":["#, Some(r#"{"errors":["#)),
        ];
        for (name, body, words) in table {
            assert_eq!(of_body("", body.as_bytes(), &[]).as_deref(), *words, "{name}");
        }
    }

    #[test]
    fn words_are_bounded_and_without_control_or_direction_characters() {
        let long = of_body("text/plain", "é".repeat(1000).as_bytes(), &[]).unwrap();
        assert_eq!(long.chars().count(), 300);
        assert!(long.ends_with('…'));
        assert_eq!(clean("a\u{1b}[31m\u{202e}b\r\n\tc\0").as_deref(), Some("a [31mb c"));
        assert_eq!(of_body("", b"\xff\xfe broken", &[]).as_deref(), Some("\u{fffd}\u{fffd} broken"));
    }

    #[test]
    fn secrets_that_an_answer_repeats_are_hidden() {
        let body = format!(r#"{{"errors":["{}token canary-token is bad"]}}"#, " ".repeat(290));
        assert_eq!(of_body("", body.as_bytes(), &["canary-token", ""]).unwrap(), "token [redacted] is bad");
        let turned = "canary-\u{200e}token, canary\u{202e}-token";
        assert_eq!(of_body("", turned.as_bytes(), &["canary-token"]).unwrap(), "[redacted], [redacted]");
    }

    #[test]
    fn a_field_that_is_named_for_each_of_many_words_does_not_multiply_them() {
        let map = json!({ "x".repeat(30_000): vec!["y"; 8_000] });
        let mut said = String::new();
        collect(&map, "", &mut said);
        assert!(said.len() < 2 * MOST_SAID, "{}", said.len());
    }

    #[test]
    fn deep_answers_do_no_harm() {
        let body = "[".repeat(100_000);
        assert!(of_body("", body.as_bytes(), &[]).is_some());
    }
}
