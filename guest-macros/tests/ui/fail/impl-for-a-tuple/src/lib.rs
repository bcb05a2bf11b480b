use plug_guest_sdk::prelude::*;

#[plugin]
unsafe impl Plugin for (u8, u8) {
    fn process(req: ProcessRequest) -> ProcessResponse {
        ProcessResponse::ok(req.input)
    }
}
