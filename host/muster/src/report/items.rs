//! The list of what people hold: as a table, as comma-separated values, as JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::civil::Date;
use muster_core::directory::{Fixed, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus};
use muster_core::id::{ProjectId, UserId};
use muster_core::read::UnseenTool;
use serde::{Serialize, Serializer};

use super::{BAD, BOLD, DIM, WARN, shown};

/// What people hold, sorted as it is printed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ItemsReport {
    /// Whether items of one kind stand together, and not those of one project.
    #[serde(skip)]
    pub(crate) by_kind: bool,
    #[serde(rename = "items")]
    pub(crate) rows: Vec<Held>,
    /// The tools that can't be seen, each with the name of its project.
    #[serde(serialize_with = "unseen")]
    pub(crate) unseen: Vec<(String, UnseenTool)>,
    /// The projects of which it can't be seen who is on them, with their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) people_unseen: BTreeMap<ProjectId, String>,
}

/// One item, in one role, with one holder.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Held {
    item: ItemRef,
    project_name: String,
    number: String,
    title: String,
    status: ItemStatus,
    due: Option<Date>,
    overdue: bool,
    held_as: HeldAs,
    holder: UserId,
    holder_name: String,
    /// Why the holder can't act on it, where that is what was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    gone: Option<Gone>,
    /// Why nobody can take it over; `None`: somebody can.
    cannot_move: Option<String>,
    link: Option<String>,
}

/// Why somebody can't act on what they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Gone {
    /// They have no login.
    Inactive,
    /// They are not on the project.
    OffProject,
}

impl Gone {
    const fn words(self) -> &'static str {
        match self {
            Self::Inactive => "no login",
            Self::OffProject => "not on the project",
        }
    }
}

impl Held {
    pub(crate) fn new(
        item: &Item,
        holder: &Holder,
        project_name: String,
        gone: Option<Gone>,
        today: Date,
    ) -> Self {
        Self {
            item: item.item,
            project_name,
            number: item.number.clone(),
            title: item.title.clone(),
            status: item.status,
            due: item.due,
            overdue: item.due.is_some_and(|due| due < today),
            held_as: holder.held_as,
            holder: holder.person.id,
            holder_name: holder.person.name.clone(),
            gone,
            cannot_move: holder.fixed.as_ref().map(Fixed::to_string),
            link: item.link.clone(),
        }
    }

    /// Returns what puts the rows of a project together, by name.
    pub(crate) fn project(&self) -> (String, u64) {
        (self.project_name.to_lowercase(), self.item.project.get())
    }

    pub(crate) fn kind(&self) -> ItemKind {
        self.item.kind
    }

    /// Returns what tells rows apart.
    pub(crate) fn which(&self) -> (ItemRef, HeldAs, UserId) {
        (self.item, self.held_as, self.holder)
    }

    /// Returns what puts the most urgent first: what is due longest, then what has no day.
    pub(crate) fn urgency(&self) -> (bool, Option<Date>) {
        (self.due.is_none(), self.due)
    }

    fn status(&self) -> &'static str {
        match self.status {
            ItemStatus::Open => "open",
            ItemStatus::Draft => "draft",
            ItemStatus::Closed => "closed",
        }
    }

    /// Returns the cells of a row of comma-separated values.
    fn cells(&self) -> [String; 14] {
        let text = |text: Option<String>| text.unwrap_or_default();
        [
            self.project_name.clone(),
            self.item.project.to_string(),
            self.item.kind.words().to_owned(),
            self.number.clone(),
            self.title.clone(),
            self.status().to_owned(),
            text(self.due.map(|due| due.to_string())),
            if self.overdue { "yes" } else { "no" }.to_owned(),
            self.held_as.words().to_owned(),
            self.holder_name.clone(),
            self.holder.to_string(),
            self.gone.map_or("", Gone::words).to_owned(),
            text(self.cannot_move.clone()),
            text(self.link.clone()),
        ]
    }
}

/// The heads of the columns of comma-separated values.
const HEADS: [&str; 14] = [
    "project",
    "project id",
    "kind",
    "number",
    "title",
    "status",
    "due",
    "overdue",
    "held as",
    "holder",
    "holder id",
    "why the holder can't act",
    "cannot move, because",
    "link",
];

impl ItemsReport {
    /// Prints a table for people.
    pub(crate) fn table(&self, out: &mut impl Write) -> io::Result<()> {
        let mut group = None;
        for row in &self.rows {
            let place = if self.by_kind { None } else { Some(row.item.project) };
            let head = match self.by_kind {
                true => row.item.kind.words().to_owned(),
                false if row.project_name.is_empty() => format!("project {}", row.item.project),
                false => row.project_name.clone(),
            };
            // Two projects may have one name.
            if group.as_ref() != Some(&(place, head.clone())) {
                writeln!(out, "{BOLD}{}{BOLD:#}", shown(&head))?;
                group = Some((place, head));
            }
            self.row(out, row)?;
        }
        let overdue = self.rows.iter().filter(|row| row.overdue).count();
        let (held, plural) = (self.rows.len(), if self.rows.len() == 1 { "" } else { "s" });
        writeln!(out, "{held} item{plural} held, {overdue} overdue")?;
        for line in self.hidden() {
            writeln!(out, "{WARN}?{WARN:#} {line}")?;
        }
        Ok(())
    }

    /// Returns what could not be seen, a line each. Escaped.
    pub(crate) fn hidden(&self) -> impl Iterator<Item = String> {
        let tools = self.unseen.iter().map(|(project, tool)| {
            let (kind, place) = (tool.kind.words(), shown(project));
            format!("{kind}: the service account can't see them in {place} (project {})", tool.project)
        });
        let people = self.people_unseen.iter().map(|(project, name)| {
            format!("who is not on {} (project {project}) any more can't be seen", shown(name))
        });
        tools.chain(people)
    }

    fn row(&self, out: &mut impl Write, row: &Held) -> io::Result<()> {
        let style = if row.overdue { BAD } else { DIM };
        let due = row.due.map_or_else(|| "no day".to_owned(), |due| due.to_string());
        let place = match self.by_kind {
            true => format!(" in {}", shown(&row.project_name)),
            false => String::new(),
        };
        let number = if row.number.is_empty() { String::new() } else { format!(" {}", shown(&row.number)) };
        write!(
            out,
            "  {style}{due:<10}{style:#}  {}{number} \"{}\"{place}: {}",
            row.item.kind.words(),
            shown(&row.title),
            row.held_as.words()
        )?;
        if let Some(gone) = row.gone {
            write!(out, " {} ({})", shown(&row.holder_name), gone.words())?;
        }
        let draft = if row.status == ItemStatus::Draft { ", draft" } else { "" };
        writeln!(out, "{draft}")?;
        if let Some(why) = &row.cannot_move {
            writeln!(out, "              {DIM}cannot move, because {}{DIM:#}", shown(why))?;
        }
        if let Some(link) = &row.link {
            writeln!(out, "              {DIM}{}{DIM:#}", shown(link))?;
        }
        Ok(())
    }

    /// Prints comma-separated values. Cells hold what strangers wrote: what a spreadsheet would take for a formula is made a
    /// text by an apostrophe before it, and what a terminal would obey is escaped.
    pub(crate) fn csv(&self) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(HEADS)?;
        for row in &self.rows {
            csv.write_record(row.cells().map(|cell| safe(&cell)))?;
        }
        // Whole, and by the way of everything else that is printed: a reader may go away.
        let sheet = csv.into_inner().map_err(csv::IntoInnerError::into_error)?;
        io::stdout().write_all(&sheet)
    }
}

/// Returns a cell that no spreadsheet calculates.
fn safe(cell: &str) -> String {
    let text = shown(cell).to_string();
    match cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        true => format!("'{text}"),
        false => text,
    }
}

fn unseen<S: Serializer>(unseen: &[(String, UnseenTool)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(unseen.iter().map(|(_, tool)| tool))
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn no_cell_is_calculated() {
        for formula in ["=1+1", "＝1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1"] {
            assert!(safe(formula).starts_with('\''), "{formula:?} {:?}", safe(formula));
        }
        assert_eq!(safe("Slab edge = wrong"), "Slab edge = wrong");
        assert!(!safe("red\u{1b}[31m").contains('\u{1b}'));
    }
}
