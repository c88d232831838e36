//! Scripts as text and as what they do: which rule strikes which call.

use serde_json::json;

use super::*;

const UPDATE: &str = "PATCH /rest/v1.3/companies/{company_id}/users/{id}";

#[test]
fn rules_are_read_as_they_are_written() {
    let texts = [
        "late=250ms *",
        "drop-before POST /oauth/token first=2",
        "drop-after * percent=5",
        "broken-off GET /rest/v1.0/me",
        "500 *",
        "503,retry-after=30 GET /rest/v1.1/projects nth=3",
        "truncated *",
        "malformed *",
        "html *",
        "token-expires * nth=9",
        "not-made PATCH /rest/v1.3/companies/{company_id}/users/{id} nth=2 sending=is_active,email_address",
        "row-added GET /rest/v1.1/projects",
        "row-deleted *",
        "orphans *",
    ];
    for text in texts {
        assert_eq!(text.parse::<Rule>().unwrap().to_string(), text);
    }
    let script: Script = texts.join("\n").parse().unwrap();
    assert_eq!(script.rules().len(), texts.len());
    assert_eq!(script.to_string().parse(), Ok(script.clone()));
    let json = serde_json::to_value(&script).unwrap();
    assert_eq!(serde_json::from_value::<Script>(json).unwrap(), script);
}

#[test]
fn a_rule_as_json_is_a_text_or_an_object() {
    let object =
        json!({ "fault": "not-made", "operation": UPDATE, "when": "nth=2", "sending": ["is_active"] });
    let rule = Rule::new(Trouble::NotMade, UPDATE).unwrap().at(When::Nth(2)).sending(&["is_active"]);
    assert_eq!(serde_json::to_value(&rule).unwrap(), object);
    assert_eq!(serde_json::from_value::<Rule>(object).unwrap(), rule);
    let both = json!([rule.to_string(), { "fault": "html" }, "ignore-removal", "storm=3"]);
    let script: Script = serde_json::from_value(both).unwrap();
    assert_eq!(script.rules().len(), 2 + 2 + Script::seeded(3).rules().len());
}

#[test]
fn what_is_no_rule_is_told_with_what_would_be_one() {
    let told = |text: &str| text.parse::<Script>().unwrap_err().to_string();
    assert!(told("explode *").contains("`explode`; there are late=250ms, drop-before"));
    assert!(told("404 *").contains("429, 500, 502 and 503"));
    assert!(told("late=2h *").contains("late=250ms"));
    assert!(told("late=601s *").contains("late=250ms"));
    assert!(told("storm=x").contains("storm=SEED"));
    assert!(told("html").contains("no operation ``"));
    let near = told("html GET /rest/v1.3/companies/1/users");
    assert!(near.ends_with("; there is GET /rest/v1.3/companies/{company_id}/users"), "{near}");
    assert!(told("html GET /sim/state").contains("no operation"));
    assert!(told("html * nth=0").contains("nth=3, first=2 or percent=10"));
    assert!(told("html * percent=101").contains("percent=10"));
    assert!(told("not-made GET /rest/v1.0/me").contains("not-made can't concern GET /rest/v1.0/me"));
    let error = serde_json::from_value::<Script>(json!([{ "fault": "html", "where": "here" }])).unwrap_err();
    assert!(error.to_string().contains("unknown field `where`"), "{error}");
}

#[test]
fn a_storm_is_the_same_for_the_same_number_and_can_be_written_out() {
    for seed in 0..50 {
        let storm = Script::seeded(seed);
        assert_eq!(storm, Script::seeded(seed));
        assert_eq!(storm.to_string().parse(), Ok(storm));
    }
    assert_ne!(Script::seeded(1), Script::seeded(2));
}
