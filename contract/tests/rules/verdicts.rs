//! `tests/compat-cases/verdicts.csv`: what wasmtime 48 did with each pair of worlds.

use plug_contract::Stage;

use crate::repository;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    Import,
    Export,
    /// The change is in the world itself; on which side, the case says.
    World,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    OldOnNew,
    NewOnOld,
}

/// One pair.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) id: String,
    pub(crate) case: String,
    pub(crate) position: Position,
    stages: [Option<Stage>; 2],
    pub(crate) hazards: String,
    pub(crate) changes: String,
    why: String,
}

impl Measured {
    /// Where linking failed, if it did.
    pub(crate) fn stage(&self, direction: Direction) -> Option<Stage> {
        self.stages[direction as usize]
    }

    /// wasmtime's message, if linking failed.
    pub(crate) fn message(&self, direction: Direction) -> Option<&str> {
        let key = match direction {
            Direction::OldOnNew => "old@new: ",
            Direction::NewOnOld => "new@old: ",
        };
        self.why.split(" || ").find_map(|part| part.strip_prefix(key))
    }
}

pub(crate) fn all() -> Vec<Measured> {
    let path = repository("tests/compat-cases/verdicts.csv");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    let mut rows = records(&text).into_iter();
    let head = rows.next().expect("a head line");
    rows.map(|row| {
        assert_eq!(row.len(), head.len(), "{row:?}");
        let field = |name: &str| {
            let column = head.iter().position(|title| title == name);
            row[column.unwrap_or_else(|| panic!("no column {name}"))].clone()
        };
        let stage = |name: &str| match field(name).as_str() {
            "" => None,
            "IMPORT" => Some(Stage::Import),
            "EXPORT-MISSING" => Some(Stage::ExportMissing),
            "EXPORT-TYPE" => Some(Stage::ExportType),
            other => panic!("{other} is no stage"),
        };
        Measured {
            id: field("id"),
            case: field("case"),
            position: match field("position").as_str() {
                "import" => Position::Import,
                "export" => Position::Export,
                "world" => Position::World,
                other => panic!("{other} is no position"),
            },
            stages: [stage("fail_stage_old_on_new"), stage("fail_stage_new_on_old")],
            hazards: field("hazards"),
            changes: field("changes"),
            why: field("why"),
        }
    })
    .collect()
}

/// Comma-separated values; a quoted field may hold commas, line ends and doubled quotes.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut chars, mut quoted) = (text.chars().peekable(), false);
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            c => field.push(c),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows
}
