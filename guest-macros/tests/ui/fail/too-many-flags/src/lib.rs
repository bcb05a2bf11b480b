use plug_guest_sdk::prelude::*;

struct Switches;

#[plugin(path = "wit")]
impl Board for Switches {
    fn read() -> Switch {
        Switch::empty()
    }
}
