//! Each kind of finding is found, and what is right is not.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Checker;
use crate::catalog::{Basis, Catalog};
use crate::exchange::{Content, Exchange};
use crate::finding::Problem;

/// One operation with everything that an operation can have, in two versions, and what a fixture adds.
fn catalog() -> Catalog {
    let answer = json!({ "type": "array", "items": { "type": "object", "required": ["id"], "properties": {
        "id": { "type": "integer" },
        "name": { "type": "string" },
        "kind": { "type": "string", "enum": ["a", "b"] },
        "flag": { "type": "string", "enum": ["red", null] },
        "at": { "type": "string", "format": "date-time" },
        "day": { "type": "string", "format": "date" },
        "vendor": { "type": "object", "properties": { "id": {}, "name": {} } },
        "tags": { "type": "array", "items": {} },
        "levels": { "type": "object" },
        "custom_field_%{definition}": { "type": "boolean" },
        "map": { "properties": { "userId": { "properties": { "{project}": { "type": "string" } } } } },
    }}});
    let older = json!({ "type": "array", "items": { "properties": {
        "vendor": { "type": "object", "properties": { "id": { "type": "integer" } } },
        "levels": { "type": "object", "properties": { "*": { "type": "string" } } },
    }}});
    let operation = |path: &str, answers: Value| {
        json!({
            "method": "PATCH",
            "path": path,
            "ids": { "properties": { "id": { "type": "integer" } } },
            "query": { "required": ["company_id"], "properties": {
                "company_id": { "type": "integer" },
                "view": { "type": "string", "enum": ["normal"] },
                "level": { "type": "integer", "enum": [0, 1] },
                "sort": { "type": "string", "enum": ["name"] },
                "filters[active]": { "type": "boolean" },
                "filters[id]": { "type": "array", "items": { "type": "integer" } },
                "filters[stage]": {},
            }},
            "headers": { "properties": { "Idempotency-Token": { "type": "string" } } },
            "body": { "media": "application/json", "required": true, "schema": {
                "type": "object", "required": ["user"], "properties": { "user": {
                    "type": "object", "required": ["name"], "properties": {
                        "name": { "type": "string" }, "age": { "type": "integer" }, "parts": {},
                    },
                }},
            }},
            "answers": answers,
        })
    };
    let operations = json!([
        operation("/rest/v1.1/users/{id}", json!({ "200": answer, "202": null, "204": null })),
        operation("/rest/v1.0/users/{id}", json!({ "200": older, "207": null })),
        { "method": "GET", "path": "/rest/v1.1/users/me", "answers": { "200": { "properties": {
            "id": { "type": "integer" }, "name": { "type": "string" } } } }, "omits_null": true },
    ]);
    let fixtures = json!({ "notes": [
        { "source": "a note", "places": ["PATCH /rest/v1.1/users/{id} 200[].tags[]"], "schema": { "type": "string" } },
        { "source": "a note", "places": ["PATCH /rest/v1.1/users/{id} 202"], "schema": { "type": "nothing" } },
        { "source": "a note", "places": ["errors *"], "schema": {
            "required": ["errors"], "properties": { "errors": { "type": "array", "items": { "type": "string" } } } } },
    ]});
    let operations: Vec<_> = serde_json::from_value(operations).unwrap();
    Catalog::of(operations, serde_json::from_value(fixtures).unwrap())
}

/// An exchange with which nothing is wrong.
fn exchange() -> Exchange {
    let text = |text: &str| text.to_owned();
    Exchange {
        method: text("PATCH"),
        path: text("/rest/v1.1/users/5"),
        query: vec![(text("company_id"), text("7"))],
        headers: BTreeMap::from([
            (text("procore-company-id"), text("7")),
            (text("content-type"), text("application/json; charset=utf-8")),
        ]),
        body: Content::Json(json!({ "user": { "name": "Ana", "age": 40 } })),
        status: 200,
        answer: Content::Json(json!([{ "id": 5, "name": "Ana" }])),
    }
}

/// Returns the places and problems that are found in an exchange.
fn found(exchange: &Exchange) -> Vec<(String, Problem)> {
    let catalog = catalog();
    let mut checker = Checker::new(&catalog);
    checker.check(exchange);
    checker.report.findings.into_iter().map(|finding| (finding.place, finding.problem)).collect()
}

fn assert_found(what: &str, exchange: &Exchange, expected: Option<(&str, Problem)>) {
    let expected: Vec<_> = expected.into_iter().map(|(place, problem)| (place.to_owned(), problem)).collect();
    assert_eq!(found(exchange), expected, "{what}");
}

#[test]
fn what_is_right_is_not_found() {
    assert_found("the good one", &exchange(), None);
    let me = Exchange {
        method: "GET".to_owned(),
        path: "/rest/v1.1/users/me".to_owned(),
        query: Vec::new(),
        body: Content::Nothing,
        answer: Content::Json(json!({ "id": 5 })),
        ..exchange()
    };
    assert_found("a path without ids goes before one with", &me, None);
    let null = Exchange { answer: Content::Json(json!({ "id": 5, "name": null })), ..me };
    assert_found("null that is to be left out", &null, Some(("200.name", Problem::Null)));
}

#[test]
fn an_operation_is_found_by_its_method_and_its_path() {
    for (method, path) in
        [("GET", "/rest/v1.1/users/5"), ("PATCH", "/rest/v1.1/users"), ("PATCH", "/rest/v1.1/users/")]
    {
        let exchange = Exchange { method: method.to_owned(), path: path.to_owned(), ..exchange() };
        assert_found(path, &exchange, Some(("", Problem::NoOperation)));
    }
    let exchange = Exchange { path: "/rest/v1.1/users/five".to_owned(), ..exchange() };
    assert_found("an id that is no number", &exchange, Some(("path id", Problem::Type)));
}

#[test]
fn parameters_are_known_by_name_and_have_their_types() {
    for (name, value, expected) in [
        ("filters[active]", "true", None),
        ("filters[id]", "5", Some(Problem::Type)),
        ("filters[id][]", "5", None),
        ("filters[stage]", "5", None),
        ("view", "normal", None),
        ("sort", "-name,name", None),
        ("sort", "age", Some(Problem::Choice)),
        ("view", "short", Some(Problem::Choice)),
        ("level", "1", None),
        ("level", "2", Some(Problem::Choice)),
        ("search", "ana", Some(Problem::Unknown)),
        ("filters[name]", "ana", Some(Problem::Unknown)),
        ("filters[active][]", "true", Some(Problem::Type)),
        ("filters[active]", "yes", Some(Problem::Type)),
        ("filters[id][]", "five", Some(Problem::Type)),
    ] {
        let mut exchange = exchange();
        exchange.query.push((name.to_owned(), value.to_owned()));
        let place = format!("query {name}");
        assert_found(name, &exchange, expected.map(|problem| (place.as_str(), problem)));
    }
    let exchange = Exchange { query: Vec::new(), ..exchange() };
    assert_found("no company", &exchange, Some(("query company_id", Problem::Missing)));
}

#[test]
fn headers_are_those_of_http_of_procore_and_of_the_operation() {
    for (name, value, expected) in [
        ("idempotency-token", "t", None),
        ("accept", "*/*", None),
        ("x-tenant", "7", Some(Problem::Unknown)),
        ("procore-company-id", "seven", Some(Problem::Type)),
    ] {
        let mut exchange = exchange();
        exchange.headers.insert(name.to_owned(), value.to_owned());
        let place = format!("header {name}");
        assert_found(name, &exchange, expected.map(|problem| (place.as_str(), problem)));
    }
    let mut exchange = exchange();
    exchange.headers.remove("procore-company-id");
    assert_found("no company", &exchange, Some(("header procore-company-id", Problem::Missing)));
}

#[test]
fn bodies_of_requests_are_what_the_operation_takes() {
    for (body, expected) in [
        (json!({ "user": {} }), ("body.user.name", Problem::Missing)),
        (json!({}), ("body.user", Problem::Missing)),
        (json!({ "user": { "name": "Ana", "login": "a" } }), ("body.user.login", Problem::Unknown)),
        (json!({ "user": { "name": 5 } }), ("body.user.name", Problem::Type)),
        (json!({ "user": { "name": "Ana", "age": 4.5 } }), ("body.user.age", Problem::Type)),
        (json!({ "user": { "name": "Ana", "age": null } }), ("body.user.age", Problem::Null)),
        (json!([]), ("body", Problem::Type)),
    ] {
        let exchange = Exchange { body: Content::Json(body.clone()), ..exchange() };
        assert_found(&body.to_string(), &exchange, Some(expected));
        let refused =
            Exchange { status: 400, answer: Content::Json(json!({ "errors": ["no"] })), ..exchange };
        assert_found("what is refused may be wrong", &refused, Some(("400", Problem::Status)));
    }
    let nothing = Exchange { body: Content::Nothing, ..exchange() };
    assert_found("no body", &nothing, Some(("body", Problem::Missing)));
    let mut form = exchange();
    form.headers.insert("content-type".to_owned(), "multipart/form-data".to_owned());
    assert_found("another media type", &form, Some(("body", Problem::Media)));
    form.body = Content::Form(json!({ "user": { "name": "Ana", "age": "40" } }));
    assert_found("numbers are texts in a form", &form, Some(("body", Problem::Media)));
    let wrong = Content::Form(json!({ "user": { "name": "Ana", "age": "forty" } }));
    assert_eq!(
        found(&Exchange { body: wrong, ..form }).last(),
        Some(&("body.user.age".to_owned(), Problem::Type))
    );
    let text = Exchange { body: Content::Text("user=Ana".to_owned()), ..exchange() };
    assert_found("a text", &text, Some(("body", Problem::Type)));
    let me = Exchange { method: "GET".to_owned(), path: "/rest/v1.1/users/me".to_owned(), ..exchange() };
    assert!(found(&me).contains(&("body".to_owned(), Problem::Unknown)));
}

#[test]
fn answers_are_what_the_operation_gives() {
    for (row, expected) in [
        (json!({ "id": 5, "at": "2026-01-01T00:00:00Z", "day": "2026-01-01", "kind": "a" }), None),
        (json!({ "id": 5, "name": null, "flag": null, "custom_field_12": true }), None),
        (json!({ "name": "Ana" }), Some(("200[].id", Problem::Missing))),
        (json!({ "id": null }), Some(("200[].id", Problem::Null))),
        (json!({ "id": "5" }), Some(("200[].id", Problem::Type))),
        (json!({ "id": 5, "login": "a" }), Some(("200[].login", Problem::Unknown))),
        (json!({ "id": 5, "custom_field_x": true }), Some(("200[].custom_field_x", Problem::Unknown))),
        (json!({ "id": 5, "71": true }), Some(("200[].{id}", Problem::Unknown))),
        (json!({ "id": 5, "map": { "71": { "72": "x" } } }), None),
        (
            json!({ "id": 5, "map": { "71": { "72": 5 } } }),
            Some(("200[].map.userId.{project}", Problem::Type)),
        ),
        (json!({ "id": 5, "map": { "x": {} } }), Some(("200[].map.x", Problem::Unknown))),
        (json!({ "id": 5, "kind": "c" }), Some(("200[].kind", Problem::Choice))),
        (json!({ "id": 5, "kind": null }), Some(("200[].kind", Problem::Null))),
        (json!({ "id": 5, "at": "2026-01-01" }), Some(("200[].at", Problem::Type))),
        (json!({ "id": 5, "day": "2026-01-01T00:00:00Z" }), Some(("200[].day", Problem::Type))),
        (json!({ "id": 5, "tags": {} }), Some(("200[].tags", Problem::Type))),
        (json!(5), Some(("200[]", Problem::Type))),
    ] {
        let exchange = Exchange { answer: Content::Json(json!([row])), ..exchange() };
        assert_found(&row.to_string(), &exchange, expected);
    }
    for answer in [Content::Json(json!({})), Content::Text("[]".to_owned())] {
        assert_found("another body", &Exchange { answer, ..exchange() }, Some(("200", Problem::Type)));
    }
    let nothing = Exchange { answer: Content::Nothing, ..exchange() };
    assert_found("no body", &nothing, Some(("200", Problem::Missing)));
}

#[test]
fn statuses_are_documented_and_errors_look_like_some_error() {
    let with = |status, answer| Exchange { status, answer, ..exchange() };
    assert_found("204", &with(204, Content::Nothing), None);
    assert_found("202", &with(202, Content::Nothing), None);
    assert_found("207 of a sibling", &with(207, Content::Nothing), None);
    assert_found("201", &with(201, Content::Nothing), Some(("201", Problem::Status)));
    let shapeless = with(404, Content::Json(json!({ "problem": "gone" })));
    assert_eq!(found(&shapeless), [("404".to_owned(), Problem::Status), ("404".to_owned(), Problem::Shape)]);
}

#[test]
fn what_one_version_does_not_say_is_taken_from_another_and_then_from_a_fixture() {
    for (field, value, expected) in [
        ("vendor", json!({ "id": "5" }), Some(("200[].vendor.id", Problem::Type))),
        ("vendor", json!({ "name": 5 }), None),
        ("levels", json!({ "directory": 5 }), Some(("200[].levels.*", Problem::Type))),
        ("tags", json!([5]), Some(("200[].tags[]", Problem::Type))),
    ] {
        let exchange = Exchange { answer: Content::Json(json!([{ "id": 5, field: value }])), ..exchange() };
        assert_found(field, &exchange, expected);
    }
    let body = Exchange { status: 202, answer: Content::Json(json!(1)), ..exchange() };
    assert_found("a body where a fixture says that there is none", &body, Some(("202", Problem::Type)));
}

#[test]
fn what_a_check_is_based_on_is_told_and_what_nobody_says_is_unknown() {
    let catalog = catalog();
    let mut checker = Checker::new(&catalog);
    let row = json!({ "id": 5, "vendor": { "id": 5, "name": "V" }, "tags": ["t"], "levels": { "a": "b" } });
    let mut exchange = exchange();
    exchange.answer = Content::Json(json!([row]));
    exchange.body = Content::Json(json!({ "user": { "name": "Ana", "parts": [1] } }));
    exchange.query.push(("filters[stage]".to_owned(), "5".to_owned()));
    checker.check(&exchange);
    checker.check(&Exchange { status: 207, answer: Content::Json(json!({})), ..exchange });
    let seen = &checker.report.seen["PATCH /rest/v1.1/users/{id}"];
    let told = |side: &crate::finding::Grounds| -> Vec<(Basis, String)> { side.iter().cloned().collect() };
    let (sibling, fixture) = (Basis::Sibling("v1.0".to_owned()), Basis::Fixture("notes".to_owned()));
    let place = str::to_owned;
    assert_eq!(
        told(&seen.answers[&200]),
        [
            (Basis::Own, place("200")),
            (sibling.clone(), place("200[].levels")),
            (sibling, place("200[].vendor.id")),
            (fixture, place("200[].tags[]")),
            (Basis::Unknown, place("200[].vendor.name")),
        ]
    );
    assert_eq!(told(&seen.answers[&207]), [(Basis::Unknown, place("207"))]);
    assert_eq!(
        told(&seen.request),
        [
            (Basis::Own, String::new()),
            (Basis::Own, place("body")),
            (Basis::Unknown, place("body.user.parts")),
            (Basis::Unknown, place("query filters[stage]")),
        ]
    );
    assert!(checker.report.findings.is_empty());
}
