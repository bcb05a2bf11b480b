use plug_guest_sdk::prelude::*;

struct Shout;

#[plugin]
impl Plugin for Shout {
    fn process(req: ProcessRequest) -> ProcessResponse {
        ProcessResponse::ok(req.input)
    }

    fn save() -> Result<Vec<u8>, String> {
        Ok(Vec::new())
    }
}
