//! Cannot work without the whole file system, so it is never loaded.

use plug_guest_sdk::prelude::*;

struct Glutton;

#[plugin(path = "../../wit", world = "acme:errands/runner")]
impl Errand for Glutton {
    fn run() -> Vec<Attempt> {
        let removed = std::fs::remove_dir_all("/").map(|()| "removed everything".to_owned());
        let outcome = removed.map_err(|error| error.to_string());
        vec![Attempt { what: "remove everything".to_owned(), outcome }]
    }
}
