//! What is known of the numbers of a batch.

use std::fmt;

/// Grows number by number.
#[derive(Debug, Default)]
pub struct Summary {
    numbers: u64,
    sum: f64,
    range: Option<(f64, f64)>,
    /// Rows that have no number.
    pub faults: u64,
}

impl Summary {
    pub fn add(&mut self, number: f64) {
        let (min, max) = self.range.unwrap_or((number, number));
        self.range = Some((min.min(number), max.max(number)));
        self.numbers += 1;
        self.sum += number;
    }

    pub fn rows(&self) -> u64 {
        self.numbers + self.faults
    }

    /// Smallest, mean and largest number; none when there was not one.
    fn figures(&self) -> Option<(f64, f64, f64)> {
        self.range.map(|(min, max)| (min, self.sum / self.numbers as f64, max))
    }

    pub fn to_json(&self) -> String {
        let (rows, faults) = (self.rows(), self.faults);
        match self.figures() {
            Some((min, mean, max)) => {
                format!(
                    r#"{{"rows": {rows}, "faults": {faults}, "min": {min}, "mean": {mean}, "max": {max}}}"#
                )
            }
            None => format!(r#"{{"rows": {rows}, "faults": {faults}}}"#),
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.faults == 1 { "" } else { "s" };
        write!(f, "{} rows, {} fault{plural}", self.rows(), self.faults)?;
        match self.figures() {
            Some((min, mean, max)) => write!(f, ": min {min:.2}, mean {mean:.2}, max {max:.2}"),
            None => write!(f, ": no numbers"),
        }
    }
}
