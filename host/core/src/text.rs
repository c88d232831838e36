//! Words from strangers: bounded when they come in, escaped when they are shown.
//!
//! Names from Procore and words from policies are untrusted alike (invariant 14). Nothing here trusts a length or a
//! character; how text is made safe for a page or a spreadsheet belongs to whoever writes one.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// Words of a policy, bounded to `MAX` characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Bounded<const MAX: usize>(String);

/// Why a step is proposed, for the person who approves.
pub type Reason = Bounded<500>;
/// What a policy says about its whole decision.
pub type Words = Bounded<2_000>;

/// Text longer than its place allows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a text of {length} characters, where at most {most} are allowed")]
pub struct TooLong {
    length: usize,
    most: usize,
}

impl<const MAX: usize> Bounded<MAX> {
    /// Returns the text, or says by how much it is too long.
    ///
    /// # Errors
    ///
    /// If it has more than `MAX` characters.
    pub fn new(text: impl Into<String>) -> Result<Self, TooLong> {
        let text = text.into();
        match text.chars().count() {
            length if length > MAX => Err(TooLong { length, most: MAX }),
            _ => Ok(Self(text)),
        }
    }

    /// Returns the text as it came. Not for showing: use [`shown`].
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Bounded<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Returns something that displays `text` on one line of a terminal without obeying it: control characters, line and
/// paragraph separators, bidirectional overrides and invisible characters are written as escapes.
#[must_use]
pub fn shown(text: &str) -> impl fmt::Display + '_ {
    Shown(text)
}

struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut plain = 0;
        for (at, character) in self.0.char_indices().filter(|(_, character)| is_obeyed(*character)) {
            formatter.write_str(self.0.get(plain..at).unwrap_or_default())?;
            write!(formatter, "{}", character.escape_unicode())?;
            plain = at + character.len_utf8();
        }
        formatter.write_str(self.0.get(plain..).unwrap_or_default())
    }
}

/// Returns whether a terminal or a reader would be led by this character instead of shown it.
#[must_use]
pub fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_bounded_by_characters_when_made_and_when_read() {
        assert!(Bounded::<3>::new("ééé").is_ok());
        assert_eq!(
            Bounded::<3>::new("abcd").unwrap_err().to_string(),
            "a text of 4 characters, where at most 3 are allowed"
        );
        assert!(serde_json::from_str::<Bounded<3>>("\"abcd\"").is_err());
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_as_an_escape() {
        assert_eq!(shown("Ana \u{1b}[31mDiaz\n").to_string(), r"Ana \u{1b}[31mDiaz\u{a}");
        assert_eq!(shown("\u{202e}evil\u{200b}").to_string(), r"\u{202e}evil\u{200b}");
        assert_eq!(shown("Zoë Ångström 山田 🏗").to_string(), "Zoë Ångström 山田 🏗");
    }
}
