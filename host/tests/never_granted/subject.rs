//! One access for each capability, the grant that allows it, and grants that nearly do.

use std::collections::BTreeMap;
use std::fmt;

use plug_host::policy::Capability;

use crate::ground::Places;
use crate::support::NOTHING;

/// A line of a policy: a key, and its value as TOML has it.
#[derive(Debug, Clone)]
pub struct Line {
    key: &'static str,
    value: String,
}

impl Line {
    fn list(key: &'static str, grant: impl fmt::Display) -> Line {
        Line { key, value: format!("[\"{grant}\"]") }
    }

    fn value(key: &'static str, value: &str) -> Line {
        Line { key, value: value.to_owned() }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" = {}", self.key, self.value)
    }
}

/// The lines of a policy, each key once.
#[derive(Debug, Clone)]
pub struct Lines(BTreeMap<String, String>);

impl Lines {
    pub fn nothing() -> Lines {
        let lines = NOTHING.lines().filter_map(|line| line.split_once(" = "));
        Lines(lines.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    }

    pub fn with(mut self, line: &Line) -> Lines {
        self.0.insert(line.key.to_owned(), line.value.clone());
        self
    }

    pub fn text(&self) -> String {
        self.0.iter().map(|(key, value)| format!("\"{key}\" = {value}\n")).collect()
    }
}

/// Where it shows whether an access was made.
pub enum Effect {
    /// In what the plugin learned.
    Answer(fn(&str) -> bool),
    /// In what two instances learned: it is not the same.
    Drawn,
    /// In a file of the host.
    Written,
    /// At a listening socket.
    Heard,
    /// At a server of HTTP.
    Requested,
    /// In the host's log.
    Logged,
    /// At a subscriber of the application's.
    Emitted,
    /// At a plugin that is told.
    Told,
}

/// An access, and what allows it.
pub struct Subject {
    pub of: Capability,
    pub exact: Line,
    /// Grants of the same capability that are not this one.
    pub near: Vec<Line>,
    pub command: String,
    pub effect: Effect,
    /// The want that holds it.
    pub want: &'static str,
    /// Wants of the same capability that do not hold the access.
    pub other_wants: Vec<&'static str>,
}

impl Subject {
    fn new(of: Capability, exact: Line, command: impl Into<String>, effect: Effect) -> Subject {
        let command = command.into();
        // whether an address is private is the policy's question, never a want
        let want = exact.key.split_once(":private").map_or(exact.key, |(want, _)| want);
        Subject { of, want, exact, near: Vec::new(), command, effect, other_wants: Vec::new() }
    }

    fn near(mut self, values: impl IntoIterator<Item = impl fmt::Display>) -> Subject {
        let key = self.exact.key;
        self.near = values.into_iter().map(|value| Line::list(key, value)).collect();
        self
    }

    fn near_values(mut self, values: &[&str]) -> Subject {
        let key = self.exact.key;
        self.near = values.iter().map(|value| Line::value(key, value)).collect();
        self
    }

    fn other_wants(mut self, wants: &[&'static str]) -> Subject {
        self.other_wants = wants.to_vec();
        self
    }

    /// Whether a want for all of a capability holds the access.
    pub fn is_wanted_by(&self, want: &str) -> bool {
        // to read is a part of it
        want == self.want || (self.want == "fs:read" && want == "fs:write")
    }
}

/// One for each capability.
pub fn subjects(places: &Places) -> Vec<Subject> {
    use Capability::*;
    let at = |path: &str| places.folder.join(path).display().to_string();
    let (tcp, http) = (places.tcp_port, places.http_port);
    let private = places.private_port;
    let (tcp_next, private_next, http_next) = (tcp ^ 1, private ^ 1, http ^ 1);
    vec![
        Subject::new(
            FsRead,
            Line::list("fs:read", format!("{} -> /data", at("data"))),
            "read /data/words.txt",
            Effect::Answer(|answer| answer.contains("words")),
        )
        .near([
            format!("{} -> /data", at("other")),
            format!("{} -> /data", at("data/sub")),
            format!("{} -> /date", at("data")),
            format!("{} -> /data/sub", at("data/sub")),
        ])
        .other_wants(&["fs:read=/data/sub", "fs:read=/elsewhere"]),
        Subject::new(
            FsWrite,
            Line::list("fs:write", format!("{} -> /other", at("other"))),
            "write /other/mine.txt changed",
            Effect::Written,
        )
        .near([
            format!("{} -> /other", at("data/empty")),
            format!("{} -> /others", at("other")),
            format!("{} -> /", at("data/empty")),
        ])
        .other_wants(&["fs:write=/elsewhere", "fs:read=/other"]),
        Subject::new(
            Net,
            Line::list("net", format!("127.0.0.1:{tcp}")),
            format!("tcp 127.0.0.1:{tcp} hello"),
            Effect::Heard,
        )
        .near([
            format!("127.0.0.1:{tcp_next}"),
            format!("127.0.0.2:{tcp}"),
            format!("127.0.0.1:{tcp}/udp"),
            format!("0.0.0.0/0:{tcp}"),
            format!("local.test:{tcp}"),
            format!("[::1]:{tcp}"),
        ])
        .other_wants(&["net=127.0.0.1:1", "net=example.com:80"]),
        Subject::new(
            NetPrivate,
            Line::list("net:private", format!("local.test:{private}")),
            format!("tcp local.test:{private} hello"),
            Effect::Heard,
        )
        .near([
            format!("local.test:{private_next}"),
            format!("other.test:{private}"),
            format!("*.local.test:{private}"),
            format!("local.test:{private}/udp"),
        ])
        .other_wants(&["net=other.test:80"]),
        Subject::new(
            Http,
            Line::list("http", format!("http://127.0.0.1:{http}")),
            format!("http GET http://127.0.0.1:{http}/hello"),
            Effect::Requested,
        )
        .near([
            format!("http://127.0.0.1:{http_next}"),
            format!("https://127.0.0.1:{http}"),
            format!("http://127.0.0.2:{http}"),
            format!("http://local.test:{http}"),
        ])
        .other_wants(&["http=https://example.com"]),
        Subject::new(
            HttpPrivate,
            Line::list("http:private", format!("http://local.test:{http}")),
            format!("http GET http://local.test:{http}/hello"),
            Effect::Requested,
        )
        .near([
            format!("http://local.test:{http_next}"),
            format!("https://local.test:{http}"),
            format!("http://other.test:{http}"),
            format!("http://*.local.test:{http}"),
        ])
        .other_wants(&["http=http://other.test"]),
        Subject::new(
            Env,
            Line::list("env", "MODE=fast"),
            "env MODE",
            Effect::Answer(|answer| answer == "ok fast"),
        )
        .near(["MODES=fast", "MOD=fast", "mode=fast"])
        .other_wants(&["env=MODES"]),
        Subject::new(
            Clocks,
            Line::value("clocks", "\"real\""),
            "now-resolution",
            // of the coarse clock, and of the one that stands still
            Effect::Answer(|answer| !["ok 100000000", "ok 1000000000"].contains(&answer)),
        )
        .near_values(&["\"coarse\"", "\"frozen\""]),
        Subject::new(Random, Line::value("random", "\"real\""), "random 8", Effect::Drawn)
            .near_values(&["\"seeded:1\"", "\"seeded:2\""]),
        Subject::new(Stdio, Line::value("stdio", "\"log\""), "stdout hello", Effect::Logged)
            .near_values(&["\"closed\""]),
        Subject::new(
            Config,
            Line::list("config", "db.host"),
            "config db.host",
            Effect::Answer(|answer| answer == "ok localhost"),
        )
        .near(["db", "db.hosts", "db.hos", "DB.host", "d", "db.host.*", "db.hosts*", "db.p*"])
        .other_wants(&["config=db.port"]),
        Subject::new(Log, Line::value("log", "true"), "log hello", Effect::Logged).near_values(&["false"]),
        Subject::new(
            EventsEmit,
            Line::list("events:emit", "news.now"),
            "emit news.now hello",
            Effect::Emitted,
        )
        .near(["news", "news.now.*", "news.nowhere", "news.no", "NEWS.now", "news.p*"])
        .other_wants(&["events:emit=news.then"]),
        Subject::new(EventsSubscribe, Line::list("events:subscribe", "news.now"), "news.now", Effect::Told)
            .near(["news", "news.now.*", "news.nowhere", "news.no", "NEWS.now", "news.p*"])
            .other_wants(&["events:subscribe=news.then"]),
    ]
}
