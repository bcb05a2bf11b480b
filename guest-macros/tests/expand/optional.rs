use plug_guest_sdk::prelude::*;

struct Shout;

#[plugin]
#[allow(clippy::unnecessary_wraps)]
impl Plugin for Shout {
    fn check() -> Result<(), String> {
        Ok(())
    }

    fn process(req: ProcessRequest) -> ProcessResponse {
        ProcessResponse::ok(req.input)
    }

    fn initialize(config: Vec<(String, String)>) -> Result<(), String> {
        info!("{config:?}");
        Ok(())
    }
}
