//! Why a record can't be as somebody wants it.

/// A value that does not fit, named by the field that carries it.
///
/// On the wire this is Procore's answer 400 with `{"errors":{"<field>":["<message>"]}}`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {message}")]
pub struct Invalid {
    /// The field, as Procore names it.
    pub field: &'static str,
    /// What is wrong with it, to be read after the name of the field.
    pub message: String,
}

impl Invalid {
    /// Says what is wrong with a field.
    pub(crate) fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into() }
    }

    /// Says that a field names something that is not there.
    pub(crate) fn unknown(field: &'static str, id: u64) -> Self {
        Self::new(field, format!("{id} does not exist"))
    }
}
