//! The numbers of one column.

use plug_guest_sdk::config;

/// How the table is written, and which column counts.
#[derive(Debug)]
pub struct Layout {
    delimiter: u8,
    column: Option<String>,
}

impl Layout {
    /// As the host configured it.
    pub fn configured() -> Result<Self, String> {
        let delimiter = config::get::<String>("delimiter")?.unwrap_or_else(|| ",".to_owned());
        let &[delimiter] = delimiter.as_bytes() else {
            return Err(format!(
                "the config key `delimiter` is `{delimiter}`; it has to be one sign of ASCII, such as `;`"
            ));
        };
        Ok(Self { delimiter, column: config::get("column")? })
    }

    /// The column's values; for a row without a number, the reason. The first row of `batch`, below
    /// its head line, is in line `first_line` of the whole table.
    pub fn values(&self, batch: &str, first_line: u64) -> Result<Vec<Result<f64, String>>, String> {
        let mut reader =
            csv::ReaderBuilder::new().delimiter(self.delimiter).flexible(true).from_reader(batch.as_bytes());
        let head = reader.headers().map_err(|error| format!("the head line cannot be read: {error}"))?;
        let (place, name) = self.find_column(head)?;
        let mut values = Vec::new();
        for row in reader.into_records() {
            let row = row.map_err(|error| format!("the batch cannot be read: {error}"))?;
            // the head is line 1 of a batch, so its first row is line 2
            let line = first_line.saturating_add(row.position().map_or(0, |at| at.line().saturating_sub(2)));
            values.push(match row.get(place).map(str::trim) {
                None => Err(format!("line {line}: there is no column `{name}`")),
                Some("") => Err(format!("line {line}: the column `{name}` is empty")),
                Some(text) => match text.parse() {
                    Ok(number) if f64::is_finite(number) => Ok(number),
                    _ => Err(format!("line {line}: `{text}` in the column `{name}` is no number")),
                },
            });
        }
        Ok(values)
    }

    fn find_column(&self, head: &csv::StringRecord) -> Result<(usize, String), String> {
        let found = match &self.column {
            Some(column) => head.iter().position(|name| name.trim() == column),
            None => head.len().checked_sub(1),
        };
        match found {
            Some(place) => Ok((place, head[place].trim().to_owned())),
            None => {
                let names: Vec<_> = head.iter().map(|name| format!("`{}`", name.trim())).collect();
                let wanted = self.column.as_deref().unwrap_or_default();
                Err(format!("there is no column `{wanted}`; there are {}", names.join(", ")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(column: Option<&str>, batch: &str) -> Vec<Result<f64, String>> {
        Layout { delimiter: b',', column: column.map(str::to_owned) }.values(batch, 2).unwrap()
    }

    #[test]
    fn the_last_column_counts_unless_one_is_named() {
        assert_eq!(values(None, "a,b\n1,2\n"), [Ok(2.0)]);
        assert_eq!(values(Some("a"), "a,b\n1,2\n"), [Ok(1.0)]);
    }

    #[test]
    fn rows_with_faults_say_what_and_where() {
        let found = values(None, "a,b\n1,2\n1\n1,\n\"two\nlines\",x\n1,inf\n");
        let faults: Vec<_> = found.into_iter().filter_map(Result::err).collect();
        assert_eq!(
            faults,
            [
                "line 3: there is no column `b`",
                "line 4: the column `b` is empty",
                "line 5: `x` in the column `b` is no number",
                "line 7: `inf` in the column `b` is no number",
            ]
        );
    }

    #[test]
    fn an_empty_batch_has_no_column() {
        let error = Layout { delimiter: b',', column: None }.values("", 2).unwrap_err();
        assert!(error.starts_with("there is no column"), "{error}");
    }
}
