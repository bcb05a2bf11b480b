//! Which names have led to which addresses.

use std::collections::VecDeque;
use std::net::IpAddr;

use plug_policy::HostName;

/// As many are remembered; then the oldest is forgotten.
const MOST: usize = 1024;

/// The addresses that one instance has been given, each with the name that it asked for.
///
/// They are forgotten with the instance, and not before: a plugin may look a name up once and use the
/// address for as long as it lives. Nothing is lost by that, as whoever owns the name could lead it to
/// the same address again, and whether the rules allow it is asked each time.
#[derive(Debug, Default)]
pub(super) struct Led(VecDeque<(IpAddr, HostName)>);

impl Led {
    /// Remembers that `name` has led to `address`.
    pub(super) fn remember(&mut self, name: &HostName, address: IpAddr) {
        let known = self.0.iter().position(|(old, by)| *old == address && by == name);
        if let Some(known) = known {
            self.0.remove(known);
        } else if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back((address, name.clone()));
    }

    /// The names that have led to `address`, the latest first.
    pub(super) fn names(&self, address: IpAddr) -> impl Iterator<Item = &HostName> {
        self.0.iter().rev().filter(move |(led, _)| *led == address).map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> HostName {
        HostName::new(text).unwrap()
    }

    #[test]
    fn the_latest_name_comes_first_and_the_oldest_is_forgotten() {
        let mut led = Led::default();
        let address = |number: u32| IpAddr::V4(number.into());
        for each in ["a.b", "c.d", "a.b"] {
            led.remember(&name(each), address(1));
        }
        assert_eq!(led.names(address(1)).collect::<Vec<_>>(), [&name("a.b"), &name("c.d")]);
        for number in 2..=MOST as u32 {
            led.remember(&name("x"), address(number));
        }
        assert_eq!(led.names(address(1)).collect::<Vec<_>>(), [&name("a.b")]);
        led.remember(&name("x"), address(0));
        assert_eq!((led.names(address(1)).count(), led.names(address(2)).count()), (0, 1));
        assert_eq!(led.0.len(), MOST);
    }
}
