//! Counts the words of `/data/words.txt`: uses what it was granted, and nothing else.

use std::{env, fs};

use plug_guest_sdk::{events, prelude::*};

use crate::bindings::acme::errands::store;

struct Diligent;

#[plugin(path = "../../wit", world = "acme:errands/runner")]
impl Errand for Diligent {
    fn run() -> Vec<Attempt> {
        let words = fs::read_to_string("/data/words.txt");
        let count = words.as_ref().map_or(0, |text| text.split_whitespace().count());
        let attempts = [
            ("read /data/words.txt", words.map(|text| format!("{} bytes", text.len())).map_err(text)),
            (
                "write /scratch/count.txt",
                fs::write("/scratch/count.txt", count.to_string()).map(done).map_err(text),
            ),
            ("the variable PLUGIN_MODE", env::var("PLUGIN_MODE").map_err(text)),
            (
                "keep counts.words",
                store::set("counts.words", &count.to_string()).map(done).map_err(|no| no.why),
            ),
            ("tell that it is counted", events::emit("counted", &count.to_string()).map(done).map_err(text)),
        ];
        attempts.map(|(what, outcome)| Attempt { what: what.to_owned(), outcome }).into()
    }
}

fn done((): ()) -> String {
    "done".to_owned()
}

fn text(error: impl ToString) -> String {
    error.to_string()
}
