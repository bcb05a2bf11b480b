use plug_guest_sdk::prelude::*;

use plug_guest_sdk::{PluginMetadata, events};
use std::sync::atomic::{AtomicU64, Ordering};

static SEEN: AtomicU64 = AtomicU64::new(0);

struct Counter;

#[plugin]
impl Plugin for Counter {
    fn process(req: ProcessRequest) -> ProcessResponse {
        SEEN.fetch_add(1, Ordering::Relaxed);
        work(&req).into()
    }

    fn initialize(config: Vec<(String, String)>) -> Result<(), String> {
        info!("{} values", config.len());
        SEEN.store(config::require("start")?, Ordering::Relaxed);
        Ok(())
    }

    fn get_metadata() -> PluginMetadata {
        PluginMetadata { name: "counter".into(), version: "1".into(), description: String::new() }
    }

    fn check() -> Result<(), String> {
        Ok(())
    }

    fn save() -> Result<Vec<u8>, String> {
        Ok(SEEN.load(Ordering::Relaxed).to_le_bytes().to_vec())
    }

    fn load(bytes: Vec<u8>, _from_version: String) -> Result<(), String> {
        let bytes = bytes.try_into().map_err(|_| "not eight bytes")?;
        SEEN.store(u64::from_le_bytes(bytes), Ordering::Relaxed);
        Ok(())
    }

    fn on_event(event_type: String, payload: String) -> Result<(), String> {
        warn!("{event_type}: {payload}");
        Ok(())
    }
}

fn work(req: &ProcessRequest) -> Result<String, String> {
    events::emit("seen", &req.input)?;
    Ok(req.option("prefix").unwrap_or("").to_owned() + &req.input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use plug_guest_sdk::testing;

    #[test]
    fn a_life() {
        let error = Counter::initialize(vec![]).unwrap_err();
        assert_eq!(error, "no value for the config key `start`, which wants a `u64`");
        testing::set_config([("start", "5")]);
        Counter::initialize(vec![]).unwrap();
        let out = Counter::process(ProcessRequest::new("b").with_option("prefix", "a"));
        assert_eq!(out.output, "ab");
        assert_eq!(testing::events()[0].payload, "b");
        assert_eq!(Counter::save().unwrap(), 6u64.to_le_bytes());
        Counter::load(vec![1, 0, 0, 0, 0, 0, 0, 0], "0.1.0".into()).unwrap();
        assert_eq!(Counter::load(vec![], "0.1.0".into()).unwrap_err(), "not eight bytes");
        Counter::on_event("x".into(), "y".into()).unwrap();
        assert_eq!(testing::log().last().unwrap().message, "x: y");
        assert!(Counter::check().is_ok());
        assert_eq!(Counter::get_metadata().name, "counter");
    }
}
