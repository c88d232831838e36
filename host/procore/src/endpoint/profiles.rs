//! What is written down of people beside login, rights and state.

use std::collections::BTreeMap;

use muster_core::directory::{Profile, ProfileField};
use muster_core::id::UserId;
use serde_json::{Map, Value};

use super::users;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
#[cfg(fuzzing)]
use crate::exchange::Answer;

/// Returns how a field is spelled, in both dialects (developers.procore.com, update company user).
pub(super) const fn spelled(field: ProfileField) -> &'static str {
    match field {
        ProfileField::FirstName => "first_name",
        ProfileField::LastName => "last_name",
        ProfileField::JobTitle => "job_title",
        ProfileField::EmployeeId => "employee_id",
        ProfileField::Initials => "initials",
        ProfileField::Address => "address",
        ProfileField::City => "city",
        ProfileField::StateCode => "state_code",
        ProfileField::CountryCode => "country_code",
        ProfileField::Zip => "zip",
        ProfileField::BusinessPhone => "business_phone",
        ProfileField::MobilePhone => "mobile_phone",
    }
}

/// Returns what is written down of a user.
pub(crate) async fn of_user(client: &Client, user: UserId) -> Result<Option<Profile>, Error> {
    let operation = "show profile";
    let Some(row) = users::shown::<Map<String, Value>>(client, operation, user).await? else {
        return Ok(None);
    };
    let profile = of_row(&row).map_err(|field| {
        let why = format!("at {}: a text was expected", spelled(field));
        Error::new(operation, ErrorKind::Malformed).saying(why)
    })?;
    Ok(Some(profile))
}

/// Returns what a row has written down, or the field that is no text. Numbers count as texts: employee ids were seen as
/// such. What is empty, `null` or left out is missing.
pub(super) fn of_row(row: &Map<String, Value>) -> Result<Profile, ProfileField> {
    let mut fields = BTreeMap::new();
    for field in ProfileField::ALL {
        let text = match row.get(spelled(field)) {
            None | Some(Value::Null) => continue,
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => return Err(field),
        };
        if !text.trim().is_empty() {
            fields.insert(field, text);
        }
    }
    Ok(Profile { fields })
}

/// Returns the fields as they are sent. Procore documents texts only, so a field is cleared by an empty one.
pub(super) fn body(fields: &BTreeMap<ProfileField, String>) -> Map<String, Value> {
    fields.iter().map(|(field, text)| (spelled(*field).to_owned(), Value::from(text.as_str()))).collect()
}

/// Returns whether a last name stays: Procore requires one (developers.procore.com, update company user).
pub(super) fn keeps_last_name(fields: &BTreeMap<ProfileField, String>) -> bool {
    fields.get(&ProfileField::LastName).is_none_or(|name| !name.trim().is_empty())
}

/// Reads an answer as the operation does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<(), Error> {
    let row: Map<String, Value> = answer.json("show profile")?;
    let _ = of_row(&row);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_profile_has_what_has_a_text_in_it() {
        let row =
            json!({"first_name": "Ana", "city": " ", "zip": null, "employee_id": 17, "id": 7, "other": []});
        let profile = of_row(row.as_object().unwrap()).unwrap();
        let expected = [(ProfileField::FirstName, "Ana"), (ProfileField::EmployeeId, "17")];
        assert_eq!(profile.fields, expected.map(|(field, text)| (field, text.to_owned())).into());
        assert_eq!(of_row(json!({"city": []}).as_object().unwrap()), Err(ProfileField::City));
    }

    #[test]
    fn every_field_has_a_spelling_of_its_own() {
        let spellings: std::collections::BTreeSet<_> = ProfileField::ALL.map(spelled).into();
        assert_eq!(spellings.len(), ProfileField::ALL.len());
    }
}
