use plug_guest_sdk::prelude::*;

struct Disk;

#[plugin(path = "wit")]
impl Readers for Disk {
    fn read(_name: String) -> Vec<u8> {
        Vec::new()
    }

    fn write(_name: String, _bytes: Vec<u8>) {}
}
