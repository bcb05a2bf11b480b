use plug_guest_sdk::prelude::*;

struct Disk;

#[plugin(path = "wit")]
mod parts {
    use super::{Disk, info};

    impl Readers for Disk {
        fn read(name: String) -> Result<Bytes, Trouble> {
            Err(Trouble::Missing(name))
        }
    }

    impl Writers for Disk {
        fn write(_name: String, bytes: Bytes) -> Result<u32, Trouble> {
            u32::try_from(bytes.len()).map_err(|_| Trouble::Full)
        }
    }

    impl Health for Disk {
        fn check() -> Result<(), String> {
            Err(helper())
        }
    }

    impl Lifecycle for Disk {
        fn shutdown() -> Result<(), String> {
            info!("closed");
            Ok(())
        }
    }

    impl std::fmt::Display for Disk {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("disk")
        }
    }

    fn helper() -> String {
        Disk.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_interface_answers() {
        assert_eq!(Disk::read("a".into()), Err(Trouble::Missing("a".into())));
        assert_eq!(Disk::write("a".into(), vec![1, 2]), Ok(2));
        assert_eq!(Disk::check(), Err("disk".into()));
        assert!(Disk::initialize(vec![]).is_ok() && Disk::shutdown().is_ok());
    }
}
