//! Sums up one column of a table. A request is a batch of it: the head line and some rows, as CSV.
//!
//! Configuration: `column` is the name of the column, the last one unless told; `delimiter` is the
//! sign between two fields, a comma unless told. The option `first-line` of a request tells in
//! which line of the whole table the first row of the batch is.

mod summary;
mod table;

use plug_guest_sdk::{events, prelude::*};

use crate::summary::Summary;
use crate::table::Layout;

struct DataStats;

#[plugin]
impl Plugin for DataStats {
    /// A configuration that cannot be used is refused here, before the first batch.
    fn initialize(_config: Vec<(String, String)>) -> Result<(), String> {
        Layout::configured().map(|_| ())
    }

    fn process(req: ProcessRequest) -> ProcessResponse {
        sum_up(&req).into()
    }
}

fn sum_up(req: &ProcessRequest) -> Result<String, String> {
    let first_line = match req.option("first-line") {
        Some(line) => {
            line.parse().map_err(|_| format!("the option first-line is `{line}`, which is no number"))?
        }
        None => 2,
    };
    let mut summary = Summary::default();
    for value in Layout::configured()?.values(&req.input, first_line)? {
        match value {
            Ok(number) => summary.add(number),
            Err(fault) => {
                warn!("{fault}");
                summary.faults += 1;
            }
        }
    }
    info!("{} rows, {} with a fault", summary.rows(), summary.faults);
    events::emit("batch-done", &summary.to_json())?;
    Ok(summary.to_string())
}

#[cfg(test)]
mod tests {
    use plug_guest_sdk::testing;

    use super::*;

    const BATCH: &str = "place;degrees;note\nshore;10.5;\nhill;n/a;\nshore;11.5;\"cold; wet\"\n";

    #[test]
    fn a_batch_is_summed_up() {
        testing::set_config([("delimiter", ";"), ("column", "degrees")]);
        let response = DataStats::process(ProcessRequest::new(BATCH).with_option("first-line", "102"));
        assert_eq!(response.output, "3 rows, 1 fault: min 10.50, mean 11.00, max 11.50");
        let events = testing::events();
        assert_eq!(events[0].event_type, "batch-done");
        assert_eq!(events[0].payload, r#"{"rows": 3, "faults": 1, "min": 10.5, "mean": 11, "max": 11.5}"#);
        let log = testing::log();
        assert_eq!(log[0].message, "line 103: `n/a` in the column `degrees` is no number");
    }

    #[test]
    fn a_column_that_is_not_there_is_an_answer() {
        testing::set_config([("column", "pressure")]);
        let response = DataStats::process(ProcessRequest::new("place,degrees\nhill,4\n"));
        assert_eq!(
            response.error_message.as_deref(),
            Some("there is no column `pressure`; there are `place`, `degrees`")
        );
        assert!(!response.success);
        assert!(testing::events().is_empty());
    }

    #[test]
    fn a_delimiter_that_is_none_is_refused_at_once() {
        testing::set_config([("delimiter", ", ")]);
        let refusal = DataStats::initialize(Vec::new()).unwrap_err();
        assert_eq!(
            refusal,
            "the config key `delimiter` is `, `; it has to be one sign of ASCII, such as `;`"
        );
    }
}
