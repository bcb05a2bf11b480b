use plug_guest_sdk::prelude::*;

struct Shout;

#[plugin]
impl Plugin for Shout {
    unsafe fn process<T>(req: ProcessRequest) -> ProcessResponse {
        ProcessResponse::ok(req.input)
    }

    #[cfg(debug_assertions)]
    fn check() -> Result<(), String> {
        Ok(())
    }
}
