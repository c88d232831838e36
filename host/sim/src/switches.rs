//! What nobody outside Procore knows: a setting for each open question about its API.
//!
//! [`Switches::default`] is our best guess of each. A caller that is to be trusted has to come to the same end, or say
//! what it could not do, under every setting of [`Switches::each`].

use serde::{Deserialize, Serialize};

/// The form of an error's body. All of them are known of Procore, but not which answer has which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorForm {
    /// `{"errors":{"<field>":["<message>"]}}`.
    Fields,
    /// `{"errors":["<message>"]}`.
    List,
    /// `{"code":409,"message":"…","fields":"…"}`.
    Code,
    /// `{"error":{"code":"409","message":"…","details":[]}}`.
    Nested,
    /// The message alone, as text.
    Text,
}

/// What becomes of a second `actions/add` of somebody who is on the project already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecondAdd {
    /// 201, and the template stays, as it does with `bulk_add`.
    Kept,
    /// 201, and the template is the new one.
    Replaced,
    /// 400.
    Refused,
}

/// What becomes of an invitation of somebody without a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InactiveInvite {
    /// 400.
    Refused,
    /// 202, and no mail is sent.
    Dropped,
    /// 202, and a mail is sent.
    Sent,
}

/// What a bulk deactivation does with somebody who perhaps must not be deactivated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spared {
    /// Deactivates like everybody else.
    Not,
    /// Leaves out and deactivates the others.
    LeftOut,
    /// Refuses the whole call with 400.
    Refused,
}

/// Which ids the rows of bulk changes of v2 name people by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowIds {
    /// Those of users.
    Users,
    /// Those of persons.
    People,
}

/// What becomes of a user with items who is deleted. Only the dialect `guide` can delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeleteWithItems {
    /// 400.
    Refused,
    /// 204, and the items name somebody who is not there.
    Orphaned,
    /// 204, and nothing happens.
    Ignored,
}

/// How a call for a tool that is switched off in the project is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ToolOff {
    /// 404.
    NotFound,
    /// 403.
    Forbidden,
}

/// A setting for each question about Procore's API that its documents leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Switches {
    /// The body of 409 for an e-mail address that is taken.
    pub conflict: ErrorForm,
    /// The body of 401.
    pub unauthorized: ErrorForm,
    /// The status for a call without `Procore-Company-Id`: 400, 401 or 403.
    pub missing_company: u16,
    /// What becomes of a second `actions/add`.
    pub second_add: SecondAdd,
    /// Whether `actions/remove` is refused with 400 while the user holds open items on the project.
    pub open_items_block_removal: bool,
    /// Whether `actions/remove` and `bulk_remove` of v1.3 leave alone what belongs to Procore's Groups, as that of v2 does.
    pub groups_block_removal: bool,
    /// What becomes of an invitation of somebody without a login.
    pub inactive_invite: InactiveInvite,
    /// Whether the tokens of a user end with the login.
    pub deactivation_ends_tokens: bool,
    /// What a bulk deactivation does with admins of the company.
    pub bulk_admins: Spared,
    /// What a bulk deactivation does with the caller.
    pub bulk_caller: Spared,
    /// How many rows a bulk change of v2 may have.
    pub batch_max: usize,
    /// Which ids the rows of bulk changes of v2 name people by.
    pub row_ids: RowIds,
    /// Whether an item can be taken from somebody whose login is taken away already.
    pub inactive_items_move: bool,
    /// Whether `updated_at` of a user moves when the user joins or leaves a project.
    pub memberships_touch_users: bool,
    /// What becomes of a user with items who is deleted.
    pub delete_with_items: DeleteWithItems,
    /// How a call for a tool that is switched off is answered.
    pub tool_off: ToolOff,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            conflict: ErrorForm::Fields,
            unauthorized: ErrorForm::Code,
            missing_company: 400,
            second_add: SecondAdd::Kept,
            open_items_block_removal: false,
            groups_block_removal: true,
            inactive_invite: InactiveInvite::Refused,
            deactivation_ends_tokens: false,
            bulk_admins: Spared::Not,
            bulk_caller: Spared::Not,
            batch_max: 1000,
            row_ids: RowIds::Users,
            inactive_items_move: true,
            memberships_touch_users: false,
            delete_with_items: DeleteWithItems::Refused,
            tool_off: ToolOff::NotFound,
        }
    }
}

impl Switches {
    /// Returns the usual settings and then every other setting of each switch, one at a time, with what names it.
    pub fn each() -> Vec<(String, Self)> {
        let usual = Self::default();
        let forms = [ErrorForm::Fields, ErrorForm::List, ErrorForm::Code, ErrorForm::Nested, ErrorForm::Text];
        let adds = [SecondAdd::Kept, SecondAdd::Replaced, SecondAdd::Refused];
        let invites = [InactiveInvite::Refused, InactiveInvite::Dropped, InactiveInvite::Sent];
        let spared = [Spared::Not, Spared::LeftOut, Spared::Refused];
        let deletes = [DeleteWithItems::Refused, DeleteWithItems::Orphaned, DeleteWithItems::Ignored];
        let flags = [true, false];

        let mut all = vec![("usual".to_owned(), usual)];
        let mut more = |settings: Vec<Self>| {
            for setting in settings.into_iter().filter(|setting| *setting != usual) {
                all.push((setting.name(), setting));
            }
        };
        more(forms.map(|conflict| Self { conflict, ..usual }).into());
        more(forms.map(|unauthorized| Self { unauthorized, ..usual }).into());
        more([400, 401, 403].map(|missing_company| Self { missing_company, ..usual }).into());
        more(adds.map(|second_add| Self { second_add, ..usual }).into());
        more(flags.map(|open_items_block_removal| Self { open_items_block_removal, ..usual }).into());
        more(flags.map(|groups_block_removal| Self { groups_block_removal, ..usual }).into());
        more(invites.map(|inactive_invite| Self { inactive_invite, ..usual }).into());
        more(flags.map(|deactivation_ends_tokens| Self { deactivation_ends_tokens, ..usual }).into());
        more(spared.map(|bulk_admins| Self { bulk_admins, ..usual }).into());
        more(spared.map(|bulk_caller| Self { bulk_caller, ..usual }).into());
        more([100, 1000].map(|batch_max| Self { batch_max, ..usual }).into());
        more([RowIds::Users, RowIds::People].map(|row_ids| Self { row_ids, ..usual }).into());
        more(flags.map(|inactive_items_move| Self { inactive_items_move, ..usual }).into());
        more(flags.map(|memberships_touch_users| Self { memberships_touch_users, ..usual }).into());
        more(deletes.map(|delete_with_items| Self { delete_with_items, ..usual }).into());
        more([ToolOff::NotFound, ToolOff::Forbidden].map(|tool_off| Self { tool_off, ..usual }).into());
        all
    }

    /// Returns what is not as usual, such as `second-add=refused`.
    fn name(&self) -> String {
        let (Ok(serde_json::Value::Object(own)), Ok(serde_json::Value::Object(usual))) =
            (serde_json::to_value(self), serde_json::to_value(Self::default()))
        else {
            return String::new();
        };
        let unusual = own.iter().filter(|(key, value)| usual.get(*key) != Some(value));
        let name = |(key, value): (&String, &serde_json::Value)| match value.as_str() {
            Some(text) => format!("{key}={text}"),
            None => format!("{key}={value}"),
        };
        unusual.map(name).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn every_switch_is_set_otherwise_at_least_once_and_never_two_together() {
        let usual = serde_json::to_value(Switches::default()).unwrap();
        let mut changed = BTreeSet::new();
        for (name, switches) in Switches::each().into_iter().skip(1) {
            let other = serde_json::to_value(switches).unwrap();
            let different = |key: &&String| other[key.as_str()] != usual[key.as_str()];
            let keys: Vec<_> = usual.as_object().unwrap().keys().filter(different).collect();
            assert_eq!(keys.len(), 1, "{name}");
            assert!(name.starts_with(keys[0].as_str()), "{name}");
            changed.insert(keys[0].clone());
        }
        assert_eq!(changed.len(), usual.as_object().map_or(0, serde_json::Map::len));
        let names: BTreeSet<_> = Switches::each().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), Switches::each().len());
    }

    #[test]
    fn settings_are_read_by_name_and_unknown_ones_refused() {
        let read: Switches = serde_json::from_str(r#"{"second-add":"refused"}"#).unwrap();
        assert_eq!(read, Switches { second_add: SecondAdd::Refused, ..Switches::default() });
        assert!(serde_json::from_str::<Switches>(r#"{"third-add":"refused"}"#).is_err());
        assert!(matches!(serde_json::to_value(read).unwrap()["conflict"], Value::String(_)));
    }
}
