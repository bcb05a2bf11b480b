use std::time::Duration;

use super::printable::{printable, printable_line};
use crate::report::style::Style;
use crate::report::{Event, Origin};

/// As many changes of a contract are listed while a plugin is built.
const MOST_CHANGES: usize = 10;

/// The lines for an event; empty if it is not worth one.
pub(in crate::report) fn event(event: &Event, style: Style, quiet: bool, verbose: u8) -> String {
    let status = |verb: &str, text: &str| format!("{} {text}\n", style.good(&format!("{verb:>12}")));
    match event {
        Event::Warning { message, help } => warning(message, help.as_deref(), style),
        // What the plugin says is why somebody calls it.
        Event::PluginLog { level, plugin, message } => {
            format!("{} {}\n", style.faint(&printable(&format!("[{level} {plugin}]"))), printable(message))
        }
        Event::PluginEmitted { plugin, event_type, payload } => {
            let told = printable(&format!("{event_type}: {payload}"));
            format!("{} {told}\n", style.faint(&printable(&format!("[event {plugin}]"))))
        }
        Event::PluginDenied { plugin, access, can_be_granted } => {
            let head = style.faint(&printable(&format!("[denied {plugin}]")));
            let mend = if *can_be_granted { "`--allow` grants it" } else { "nothing can allow it" };
            format!("{head} {}; {mend}\n", printable(access))
        }
        Event::Took { stage, time } => format!("{stage:>12} {}\n", duration(*time)),
        _ if quiet => String::new(),
        Event::Created { name, folder, from } => {
            let from = match from {
                Origin::Template(template) => format!("from the template `{template}`"),
                Origin::Contract(world) => format!("for the contract {world}"),
            };
            status("Created", &format!("plugin `{name}` in {folder} {from}"))
        }
        Event::Kept { path } => status("Kept", &format!("{path}, which was there")),
        Event::ContractCopied { source, world, files, functions } => status(
            "Copied",
            &format!(
                "{world} from {source}: {}, {} to write",
                count(*files, "file", "files"),
                count(*functions, "function", "functions")
            ),
        ),
        Event::Frozen { package, folder, files, hashes } => {
            let mut text =
                status("Frozen", &format!("{package} in {folder}: {}", count(*files, "file", "files")));
            for (world, hash) in hashes {
                text.push_str(&format!("{:>13}{world} {hash}\n", ""));
            }
            text
        }
        Event::JoinedWorkspace { manifest, needs_profile } => {
            let mut text = status("Entered", &format!("it as a member in {manifest}"));
            if *needs_profile {
                text.push_str(&warning(
                    "profiles of a workspace stand in its root, and there is none for releases",
                    Some("`codegen-units = 1`, `lto = true`, `strip = \"debuginfo\"` under `[profile.release]` make plugins small"),
                    style,
                ));
            }
            text
        }
        Event::NextSteps { folder } => {
            let enter = if folder == "." { String::new() } else { format!("cd {folder} && ") };
            status("Next", &format!("{enter}cargo plug build --release"))
        }
        Event::ContractChanged { name, old, new, changes } => {
            let mut text =
                status("Changed", &format!("the contract of {name} since the last build: {old} -> {new}"));
            for change in changes.iter().take(MOST_CHANGES) {
                text.push_str(&format!("{:>13}{}\n", "", printable_line(change)));
            }
            if changes.len() > MOST_CHANGES {
                text.push_str(&format!("{:>13}and {} more\n", "", changes.len() - MOST_CHANGES));
            }
            text
        }
        Event::Packing { name } => status("Packing", name),
        Event::Wrote { path } => status("Wrote", path),
        Event::Plan { steps, is_done } => {
            if *is_done {
                return status("Fine", "the target is installed");
            }
            steps.iter().enumerate().map(|(index, step)| status(&format!("{}.", index + 1), step)).collect()
        }
        Event::Step { what } => status("Step", what),
        Event::SetUp { target } => status("Installed", target),
        Event::Detail { line } if verbose > 0 => format!("{:>13}{line}\n", ""),
        Event::Running { command } if verbose > 0 => status("Running", &format!("`{command}`")),
        Event::Detail { .. } | Event::Running { .. } => String::new(),
    }
}

fn warning(message: &str, help: Option<&str>, style: Style) -> String {
    let mut text = format!("{}: {}\n", style.warning("warning"), printable(message));
    if let Some(help) = help {
        text.push_str(&format!("{}: {help}\n", style.note("help")));
    }
    text
}

pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn duration(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    match micros {
        ..1e3 => format!("{micros:.1} µs"),
        ..1e6 => format!("{:.2} ms", micros / 1e3),
        _ => format!("{:.2} s", micros / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_units() {
        for (nanos, text) in [(1_500, "1.5 µs"), (2_345_000, "2.35 ms"), (1_200_000_000, "1.20 s")] {
            assert_eq!(duration(Duration::from_nanos(nanos)), text);
        }
    }

    #[test]
    fn quiet_leaves_warnings_and_the_plugins_own_words() {
        let say = |told: Event| event(&told, Style::new(false), true, 0);
        assert_eq!(say(Event::Wrote { path: "x".to_owned() }), "");
        assert_eq!(say(Event::Warning { message: "x".to_owned(), help: None }), "warning: x\n");
        let log =
            Event::PluginLog { level: "info".to_owned(), plugin: "p".to_owned(), message: "m".to_owned() };
        assert_eq!(say(log), "[info p] m\n");
    }
}
