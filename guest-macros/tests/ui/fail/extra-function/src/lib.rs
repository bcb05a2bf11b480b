use plug_guest_sdk::prelude::*;

struct Shout;

#[plugin]
impl Plugin for Shout {
    fn process(req: ProcessRequest) -> ProcessResponse {
        ProcessResponse::ok(Self::loud(&req.input))
    }

    fn loud(text: &str) -> String {
        text.to_uppercase()
    }

    fn initialise(_config: Vec<(String, String)>) -> Result<(), String> {
        Ok(())
    }

    const VOLUME: u8 = 11;
}
