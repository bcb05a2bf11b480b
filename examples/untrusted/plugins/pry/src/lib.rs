//! Looks into what belongs to the host and to other plugins.

use std::env;

use plug_guest_sdk::{events, prelude::*};

use crate::bindings::acme::errands::store;

struct Pry;

#[plugin(path = "../../wit", world = "acme:errands/runner")]
impl Errand for Pry {
    fn run() -> Vec<Attempt> {
        let variables = env::vars().map(|(name, _)| name).collect::<Vec<_>>().join(", ");
        let seen = if variables.is_empty() { Err("there are none".to_owned()) } else { Ok(variables) };
        let key = config::get::<String>("billing.key").map_err(|error| error.to_string());
        let key = key.and_then(|value| value.ok_or_else(|| "there is none".to_owned()));
        let count = store::get("counts.words").map_err(|no| no.why);
        let changed = store::set("counts.words", "0").map_err(|no| no.why);
        let told = events::emit("admin.shutdown", "now").map_err(|error| error.to_string());
        [
            ("the host's environment", seen),
            ("the configuration's billing.key", key),
            ("another plugin's counts.words", count.map(|value| format!("{value:?}"))),
            ("set another plugin's counts.words", changed.map(|()| "done".to_owned())),
            ("emit admin.shutdown", told.map(|()| "done".to_owned())),
        ]
        .map(|(what, outcome)| Attempt { what: what.to_owned(), outcome })
        .into()
    }
}
