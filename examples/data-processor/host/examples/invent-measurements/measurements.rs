//! Four days of three weather stations, by a formula. As with real ones, some rows have faults.

use std::fmt::Write as _;

/// Name, mean temperature in tenths of a degree, and how far a day goes up and down.
const STATIONS: [(&str, i32, i32); 3] = [("harbour", 121, 35), ("hill", 86, 52), ("old town", 139, 61)];
const DAYS: u32 = 4;
const HALF_HOURS: u32 = 48;

/// The table as CSV.
pub fn table() -> String {
    let mut text = "time,station,humidity,temperature\n".to_owned();
    let mut noise = 7;
    let mut row = 0;
    for half_hour in 0..DAYS * HALF_HOURS {
        let (day, time) = (half_hour / HALF_HOURS, half_hour % HALF_HOURS);
        for (station, mean, swing) in STATIONS {
            noise = next(noise);
            // warmest at three in the afternoon, coldest at three in the morning
            let from_warmest = time.abs_diff(30).min(HALF_HOURS - time.abs_diff(30)) as i32;
            let warmth = swing * (12 - from_warmest) / 12;
            let tenths = mean + warmth + 4 * day as i32 + (noise >> 16) as i32 % 13 - 6;
            let humidity = 71 - warmth / 3 + (noise >> 20) as i32 % 5;
            let temperature =
                format!("{}{}.{}", if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10);
            row += 1;
            let rest = match row % 193 {
                41 => format!("{humidity},n/a"),
                60 => format!("{humidity},"),
                77 => format!("{humidity}"),
                90 => format!("{humidity},\"{}\"", temperature.replace('.', ",")),
                _ => format!("{humidity},{temperature}"),
            };
            // writing to a string cannot fail
            let _ = writeln!(
                text,
                "2026-05-{:02}T{:02}:{:02},{station},{rest}",
                4 + day,
                time / 2,
                time % 2 * 30
            );
        }
    }
    text
}

/// A linear congruential generator: good enough to look like weather.
fn next(state: u32) -> u32 {
    state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223)
}
