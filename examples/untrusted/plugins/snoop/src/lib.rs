//! Looks for files that are none of its business. It may read `/data`.

use std::fs;

use plug_guest_sdk::prelude::*;

struct Snoop;

#[plugin(path = "../../wit", world = "acme:errands/runner")]
impl Errand for Snoop {
    fn run() -> Vec<Attempt> {
        let mut attempts = Vec::new();
        for path in ["/etc/passwd", "/data/../secret.txt", "/data/link-to-secret", "/proc/self/environ"] {
            let outcome = fs::read_to_string(path).map(|text| format!("read {} bytes", text.len()));
            attempts.push((format!("read {path}"), outcome));
        }
        let outcome = fs::write("/data/words.txt", "overwritten").map(|()| "overwritten".to_owned());
        attempts.push(("overwrite /data/words.txt".to_owned(), outcome));
        let outcome = fs::remove_file("/data/words.txt").map(|()| "removed".to_owned());
        attempts.push(("remove /data/words.txt".to_owned(), outcome));
        let told = |(what, outcome): (String, std::io::Result<String>)| Attempt {
            what,
            outcome: outcome.map_err(|error| error.to_string()),
        };
        attempts.into_iter().map(told).collect()
    }
}
