use plug_guest_sdk::prelude::*;

struct Ticker;

#[plugin]
impl Plugin for Ticker {
    fn process(req: u32) -> ProcessResponse {
        ProcessResponse::ok(req.to_string())
    }

    fn on_event(event_type: &str, payload: String) -> Result<(), String> {
        info!("{event_type}: {payload}");
        Ok(())
    }
}
