use plug_guest_sdk::prelude::*;

struct Shout;

#[plugin]
impl Plugin for Shout {
    fn process(&self, req: ProcessRequest) -> String {
        req.input
    }

    fn chek() -> Result<(), String> {
        Ok(())
    }
}
