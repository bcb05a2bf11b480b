use plug_guest_sdk::prelude::*;

struct Disk;

#[plugin(path = "wit")]
impl Plugin for Disk {
    fn open(_name: String) -> u32 {
        0
    }
}
