//! Does harm of the kind that its configuration names: `does`.

use std::hint::black_box;
use std::thread::sleep;
use std::time::Duration;

use plug_guest_sdk::{events, prelude::*};

struct Rogue;

#[plugin(path = "../../wit", world = "acme:errands/runner")]
impl Plugin for Rogue {
    fn initialize(_config: Vec<(String, String)>) -> Result<(), String> {
        if does() == "refuse" { Err("I will not work here".to_owned()) } else { Ok(()) }
    }

    fn run() -> Vec<Attempt> {
        match &*does() {
            "abort" => panic!("I do not feel well"),
            "emit" => loop {
                // the host takes some of them in a second, and refuses the rest
                let _ = events::emit("noise", "again");
            },
            "log" => loop {
                info!("again");
            },
            "recurse" => told(format!("{} levels deep", deeper(0))),
            "talk" => told("la".repeat(2 << 20)),
            "wait" => {
                sleep(Duration::MAX);
                told("waited".to_owned())
            }
            // as one that is loaded and unloaded all the time does
            _ => told("nothing".to_owned()),
        }
    }
}

fn does() -> String {
    config::get("does").ok().flatten().unwrap_or_default()
}

fn deeper(level: u64) -> u64 {
    if black_box(level) == u64::MAX { level } else { black_box(deeper(level + 1)) }
}

fn told(what: String) -> Vec<Attempt> {
    vec![Attempt { what: "do its worst".to_owned(), outcome: Ok(what) }]
}
