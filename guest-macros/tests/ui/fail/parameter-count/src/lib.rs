use plug_guest_sdk::prelude::*;

struct Shout;

#[plugin]
impl Plugin for Shout {
    fn process(req: ProcessRequest, loud: bool) -> ProcessResponse {
        if loud { ProcessResponse::ok(req.input.to_uppercase()) } else { ProcessResponse::ok(req.input) }
    }

    fn initialize() -> Result<(), String> {
        Ok(())
    }
}
