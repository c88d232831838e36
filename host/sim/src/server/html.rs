//! HTML that is put together piece by piece. What comes from outside is text, whatever stands in it.

use std::fmt::Write;

/// No cell of a table shows more characters.
const TEXT_MAX: usize = 200;

const STYLE: &str = "
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 76rem; margin: 0 auto; padding: 1rem; }
h1 { margin-bottom: 0; } h2 { margin: 2rem 0 .5rem; }
p, form { margin: .3rem 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
td { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.quiet { opacity: .6; }
";

/// A page that grows.
#[derive(Debug)]
pub(super) struct Html(String);

impl Html {
    /// Begins a page.
    pub(super) fn new(title: &str) -> Self {
        let mut html = Self(String::new());
        html.raw("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n");
        html.raw("<meta name=\"viewport\" content=\"width=device-width\">\n<title>").text(title);
        html.raw("</title>\n<style>").raw(STYLE).raw("</style>\n");
        html
    }

    /// Adds what is HTML already.
    pub(super) fn raw(&mut self, html: &'static str) -> &mut Self {
        self.0.push_str(html);
        self
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                _ => self.0.push(c),
            }
        }
        self
    }

    /// Adds a number.
    pub(super) fn number(&mut self, number: impl Into<u64>) -> &mut Self {
        // Writing to a string can't fail.
        let _ = write!(self.0, "{}", number.into());
        self
    }

    /// Adds a link.
    pub(super) fn link(&mut self, to: &str, text: &str) -> &mut Self {
        self.raw("<a href=\"").text(to).raw("\">").text(text).raw("</a>")
    }

    /// Adds a table.
    pub(super) fn table<const N: usize>(
        &mut self,
        columns: [&str; N],
        rows: impl Iterator<Item = [String; N]>,
    ) -> &mut Self {
        self.raw("<table>\n<tr>");
        for column in columns {
            self.raw("<th>").text(column);
        }
        for row in rows {
            self.raw("\n<tr>");
            for cell in row {
                self.raw("<td>").short(&cell);
            }
        }
        self.raw("\n</table>\n")
    }

    fn short(&mut self, text: &str) -> &mut Self {
        match text.char_indices().nth(TEXT_MAX) {
            Some((end, _)) => self.text(text.get(..end).unwrap_or_default()).raw("…"),
            None => self.text(text),
        }
    }

    /// Ends the page.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text_and_cells_are_cut() {
        let mut html = Html(String::new());
        html.table(["<b>"], [["x".repeat(199) + "\"&'>"]].into_iter());
        let cell = "x".repeat(199) + "&quot;…";
        assert_eq!(html.finish(), format!("<table>\n<tr><th>&lt;b&gt;\n<tr><td>{cell}\n</table>\n"));
    }
}
