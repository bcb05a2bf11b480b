//! Attempts and outcomes, in columns.

use std::fmt;

/// What a plugin tried, and what became of it.
#[derive(Debug)]
pub struct Row {
    pub plugin: String,
    pub attempt: String,
    pub outcome: Outcome,
}

#[derive(Debug)]
pub enum Outcome {
    /// It could, with this.
    Done(String),
    /// It could not, and was told this.
    Denied(String),
    /// The host stopped it, or did not let it in.
    Stopped(String),
}

#[derive(Debug, Default)]
pub struct Table(Vec<Row>);

impl Table {
    pub fn add(&mut self, plugin: &str, attempt: impl Into<String>, outcome: Outcome) {
        self.0.push(Row { plugin: plugin.to_owned(), attempt: attempt.into(), outcome });
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, text) = match self {
            Outcome::Done(text) => ("done   ", text),
            Outcome::Denied(text) => ("denied ", text),
            Outcome::Stopped(text) => ("stopped", text),
        };
        // what a plugin says may hold anything; only the first line is for a table
        let line: String = text.lines().next().unwrap_or_default().escape_debug().collect();
        write!(f, "{word}  {}", line.replace("\\\"", "\"").replace("\\'", "'"))
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |text: fn(&Row) -> &str, head: &str| {
            self.0.iter().map(|row| text(row).chars().count()).chain([head.len()]).max().unwrap_or_default()
        };
        let plugin = width(|row| &row.plugin, "plugin");
        let attempt = width(|row| &row.attempt, "tried to");
        writeln!(f, "{:plugin$}  {:attempt$}  outcome", "plugin", "attempt")?;
        let mut last = "";
        for row in &self.0 {
            let name = if row.plugin == last { "" } else { &row.plugin };
            last = &row.plugin;
            writeln!(f, "{name:plugin$}  {:attempt$}  {}", row.attempt, row.outcome)?;
        }
        Ok(())
    }
}
