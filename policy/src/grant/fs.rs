//! Folders of the host.

use std::fmt;
use std::path::{Path, PathBuf};

use super::error::GrantError;
use crate::mistake::{Mistake, shown};

/// Read, or read and write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FsAccess {
    /// Read.
    Read,
    /// Read and write.
    Write,
}

/// Where a plugin sees a folder: `/data`, `/data/words`. Absolute, and nothing in it but names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GuestPath(String);

/// The longest path within a plugin, and the longest path of the host.
const LONGEST_GUEST: usize = 1024;
const LONGEST_HOST: usize = 2048;

impl GuestPath {
    /// The path in `text`; none if it is not absolute and plain.
    #[must_use]
    pub fn new(text: &str) -> Option<GuestPath> {
        GuestPath::parse(text).ok()
    }

    pub(crate) fn parse(text: &str) -> Result<GuestPath, Mistake> {
        let whole = 0..text.len();
        if text.len() > LONGEST_GUEST {
            let help = format!("a path within a plugin has at most {LONGEST_GUEST} bytes");
            return Err(Mistake::new(whole, "the path is too long", help));
        }
        if let Some((at, char)) = text.char_indices().find(|(_, char)| char.is_control()) {
            let span = at..at + char.len_utf8();
            return Err(Mistake::new(span, "the path has a control character", "leave it out"));
        }
        if let Some(at) = text.find('\\') {
            return Err(Mistake::new(at..at + 1, "the path has a backslash", "write `/` between its parts"));
        }
        if let Some(at) = text.find("->") {
            return Err(Mistake::new(at..at + 2, "the path has an arrow", "give the folder another name"));
        }
        let Some(parts) = text.strip_prefix('/') else {
            let what = format!("`{}` is no path within a plugin", shown(text));
            let help = format!("begin it with `/`: `/{}`", shown(text));
            return Err(Mistake::new(whole, what, help));
        };
        if parts.is_empty() {
            return Ok(GuestPath("/".to_owned()));
        }
        let mut at = 1;
        for part in parts.split('/') {
            let span = at..at + part.len();
            at = span.end + 1;
            let what = match part {
                "" => "the path has an empty part",
                "." | ".." => "the path has a part that leads elsewhere",
                _ => continue,
            };
            return Err(Mistake::new(span, what, "write it with names only, such as `/data/words`"));
        }
        Ok(GuestPath(text.to_owned()))
    }

    /// A path of ours.
    pub(crate) fn fixed(path: &'static str) -> GuestPath {
        GuestPath(path.to_owned())
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What leads from here to `other`, if that is this or below it.
    fn to(&self, other: &GuestPath) -> Option<String> {
        let own = self.0.strip_suffix('/').unwrap_or(&self.0);
        let rest = other.0.strip_prefix(own)?;
        if rest.is_empty() {
            return Some(String::new());
        }
        rest.strip_prefix('/').map(str::to_owned)
    }

    /// Whether `other` is this or below it.
    #[must_use]
    pub fn holds(&self, other: &GuestPath) -> bool {
        self.to(other).is_some()
    }
}

impl fmt::Display for GuestPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A folder that a plugin wants to see.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct FsWant {
    /// How.
    pub access: FsAccess,
    /// Where.
    pub guest: GuestPath,
}

impl FsWant {
    /// Wants to see a folder at `guest`.
    #[must_use]
    pub fn new(access: FsAccess, guest: GuestPath) -> FsWant {
        FsWant { access, guest }
    }

    /// Whether `other` is in it.
    #[must_use]
    pub fn covers(&self, other: &FsWant) -> bool {
        self.access >= other.access && self.guest.holds(&other.guest)
    }
}

/// A folder of the host that is granted: `data -> /data`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct FsGrant {
    /// How.
    pub access: FsAccess,
    /// The folder.
    pub host: PathBuf,
    /// Where the plugin sees it.
    pub guest: GuestPath,
}

const ARROW: &str = " -> ";

impl FsGrant {
    /// Grants the folder `host` at `guest`.
    ///
    /// # Errors
    ///
    /// When the path of the folder cannot stand in a policy: it is empty or too long, has control
    /// characters or blanks around it, or is no Unicode.
    pub fn new(access: FsAccess, host: impl AsRef<Path>, guest: GuestPath) -> Result<FsGrant, GrantError> {
        let text = host.as_ref().to_string_lossy();
        let checked = match host.as_ref().to_str() {
            Some(text) => check_host(text),
            None => {
                Err(Mistake::new(0..text.len(), "the folder's path is no Unicode", "give it another name"))
            }
        };
        match checked {
            Ok(host) => Ok(FsGrant { access, host, guest }),
            Err(mistake) => Err(GrantError::new(&text, mistake)),
        }
    }

    /// A grant of ours.
    pub(crate) fn fixed(access: FsAccess, host: &'static str, guest: &'static str) -> FsGrant {
        FsGrant { access, host: PathBuf::from(host), guest: GuestPath::fixed(guest) }
    }

    pub(crate) fn parse(access: FsAccess, text: &str) -> Result<FsGrant, Mistake> {
        if let Some((host, guest)) = text.rsplit_once(ARROW) {
            let at = host.len() + ARROW.len();
            let guest = GuestPath::parse(guest).map_err(|mistake| mistake.shifted(at))?;
            return Ok(FsGrant { access, host: check_host(host)?, guest });
        }
        if let Some(at) = text.find("->") {
            let help = "write `data -> /data`, with blanks around the arrow";
            return Err(Mistake::new(at..at + 2, "the arrow does not stand between two paths", help));
        }
        let host = check_host(text)?;
        // the folder is seen under its own name
        let name = host.file_name().and_then(|name| name.to_str());
        match name.and_then(|name| GuestPath::new(&format!("/{name}"))) {
            Some(guest) => Ok(FsGrant { access, host, guest }),
            None => {
                let what = format!("`{}` does not say where the plugin sees it", shown(text));
                Err(Mistake::new(0..text.len(), what, format!("write `{} -> /data`", shown(text))))
            }
        }
    }

    /// The same, with a relative host path below `base`.
    #[must_use]
    pub fn anchored(mut self, base: &Path) -> FsGrant {
        self.host = base.join(&self.host);
        self
    }

    /// The whole grant, as it takes effect where all of it is wanted.
    #[must_use]
    pub fn preopen(&self) -> Preopen {
        Preopen {
            access: self.access,
            host: self.host.clone(),
            beneath: String::new(),
            guest: self.guest.clone(),
        }
    }

    /// Whether all that `other` allows is allowed.
    #[must_use]
    pub fn covers(&self, other: &FsGrant) -> bool {
        self.preopen().covers(&other.preopen())
    }
}

fn check_host(text: &str) -> Result<PathBuf, Mistake> {
    let wrong = |what: &str, help: &str| Err(Mistake::new(0..text.len(), what, help));
    if text.is_empty() || text.trim() != text {
        return wrong("there is no folder, or blanks around it", "write `data -> /data`");
    }
    if text.len() > LONGEST_HOST {
        return wrong("the folder's path is too long", "shorten it");
    }
    if text.chars().any(char::is_control) {
        return wrong("the folder's path has a control character", "leave it out");
    }
    Ok(PathBuf::from(text))
}

impl fmt::Display for FsGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{ARROW}{}", self.host.display(), self.guest)
    }
}

/// A folder as it is given to a plugin.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Preopen {
    /// How.
    pub access: FsAccess,
    /// The folder that is granted.
    pub host: PathBuf,
    /// The part of it that is wanted too, with `/` between names; empty for the folder itself.
    ///
    /// Go there from the open folder, without following a link out of it. The plugin may have made
    /// that link.
    pub beneath: String,
    /// Where the plugin sees it.
    pub guest: GuestPath,
}

impl Preopen {
    /// Whether all that `other` allows is allowed.
    #[must_use]
    pub fn covers(&self, other: &Preopen) -> bool {
        let Some(rest) = self.guest.to(&other.guest) else { return false };
        self.access >= other.access
            && self.host == other.host
            && other.beneath == joined(&self.beneath, &rest)
    }

    /// Whether a plugin that wants `want` has all of it.
    pub(crate) fn satisfies(&self, want: &FsWant) -> bool {
        self.access >= want.access && self.guest.holds(&want.guest)
    }
}

fn joined(head: &str, tail: &str) -> String {
    match (head, tail) {
        ("", path) | (path, "") => path.to_owned(),
        _ => format!("{head}/{tail}"),
    }
}

impl fmt::Display for Preopen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = match self.beneath.as_str() {
            "" => self.host.clone(),
            beneath => self.host.join(beneath),
        };
        write!(f, "{}{ARROW}{}", host.display(), self.guest)
    }
}

/// The folders that a plugin is given. None by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FsRules(pub(crate) Vec<Preopen>);

impl FsRules {
    /// The folders, each at another path within the plugin.
    #[must_use]
    pub fn preopens(&self) -> &[Preopen] {
        &self.0
    }

    /// What of `grants` is wanted. As with mounts, the grant nearest to a path is the one meant.
    pub(crate) fn meet(grants: &[FsGrant], wants: &[FsWant]) -> FsRules {
        let mut rules = FsRules::default();
        for want in wants {
            let above = grants
                .iter()
                .filter(|grant| grant.guest.holds(&want.guest))
                .max_by_key(|grant| (grant.guest.0.len(), grant.access));
            let below = grants.iter().filter(|grant| want.guest.holds(&grant.guest));
            for grant in above.into_iter().chain(below) {
                rules.add(grant, want);
            }
        }
        rules
    }

    fn add(&mut self, grant: &FsGrant, want: &FsWant) {
        let access = grant.access.min(want.access);
        let (beneath, guest) = match grant.guest.to(&want.guest) {
            Some(rest) => (rest, want.guest.clone()),
            None => (String::new(), grant.guest.clone()),
        };
        let preopen = Preopen { access, host: grant.host.clone(), beneath, guest };
        let same_place = self.0.iter().position(|other| other.guest == preopen.guest);
        match same_place {
            Some(at) if preopen.covers(&self.0[at]) => self.0[at] = preopen,
            Some(_) => {}
            None => self.0.push(preopen),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(access: FsAccess, text: &str) -> FsGrant {
        FsGrant::parse(access, text).unwrap()
    }

    fn want(access: FsAccess, guest: &str) -> FsWant {
        FsWant::new(access, GuestPath::new(guest).unwrap())
    }

    #[test]
    fn traversal_is_refused_in_every_spelling() {
        for text in [
            "",
            "data",
            "./data",
            "../data",
            "/..",
            "/../etc",
            "/data/..",
            "/data/../..",
            "/data/./x",
            "/.",
            "//",
            "//etc",
            "/data//x",
            "/data/",
            "\\data",
            "/data\\..\\x",
            "C:\\data",
            "C:/data",
            "/da\0ta",
            "/da\nta",
            "/data\u{7f}",
            "/data\u{85}",
            "~",
            "~/data",
            "file:///data",
            "%2e%2e/x",
            "/a->b",
        ] {
            assert_eq!(GuestPath::new(text), None, "{text:?}");
        }
        // names like any other: nothing decodes them
        for text in ["/", "/data", "/data/words.txt", "/...", "/.hidden", "/%2e%2e", "/a b", "/bücher"] {
            assert_eq!(GuestPath::new(text).unwrap().as_str(), text);
        }
        assert!(GuestPath::new(&format!("/{}", "a".repeat(1023))).is_some());
        assert!(GuestPath::new(&format!("/{}", "a".repeat(1024))).is_none());
    }

    #[test]
    fn grants_are_read_and_shown() {
        for (text, shown) in [
            ("data -> /data", "data -> /data"),
            ("/var/lib/acme -> /", "/var/lib/acme -> /"),
            ("scratch", "scratch -> /scratch"),
            ("/var/lib/acme/data/", "/var/lib/acme/data/ -> /data"),
            ("../shared", "../shared -> /shared"),
            ("a -> b -> /c", "a -> b -> /c"),
            (". -> /here", ". -> /here"),
        ] {
            assert_eq!(grant(FsAccess::Read, text).to_string(), shown);
        }
    }

    #[test]
    fn mistakes_are_shown_in_place() {
        for (text, part, what) in [
            (".", ".", "`.` does not say where the plugin sees it"),
            ("..", "..", "`..` does not say where the plugin sees it"),
            ("data -> data", "data", "`data` is no path within a plugin"),
            ("data -> /a/../b", "..", "the path has a part that leads elsewhere"),
            ("data -> /a\\b", "\\", "the path has a backslash"),
            ("", "", "there is no folder, or blanks around it"),
            (" data", " data", "there is no folder, or blanks around it"),
            ("data ->", "->", "the arrow does not stand between two paths"),
            ("data->/data", "->", "the arrow does not stand between two paths"),
            ("a\tb", "a\tb", "the folder's path has a control character"),
        ] {
            let mistake = FsGrant::parse(FsAccess::Read, text).unwrap_err();
            let at = mistake.span.clone();
            assert_eq!((&text[at], mistake.what.as_str()), (part, what), "{text}");
        }
    }

    #[test]
    fn the_nearest_grant_is_meant() {
        let grants = [grant(FsAccess::Write, "a -> /data"), grant(FsAccess::Read, "b -> /data/words")];
        let met = |wants: &[FsWant]| -> Vec<_> {
            let rules = FsRules::meet(&grants, wants);
            rules
                .0
                .iter()
                .map(|p| {
                    (p.access, p.host.to_str().unwrap().to_owned(), p.beneath.clone(), p.guest.to_string())
                })
                .collect()
        };
        let row = |access, host: &str, beneath: &str, guest: &str| {
            (access, host.to_owned(), beneath.to_owned(), guest.to_owned())
        };
        use FsAccess::{Read, Write};
        assert_eq!(met(&[want(Write, "/data/words")]), [row(Read, "b", "", "/data/words")]);
        assert_eq!(met(&[want(Read, "/data/x/y")]), [row(Read, "a", "x/y", "/data/x/y")]);
        assert_eq!(met(&[want(Read, "/")]), [row(Read, "a", "", "/data"), row(Read, "b", "", "/data/words")]);
        assert_eq!(met(&[want(Read, "/data"), want(Write, "/data")])[0], row(Write, "a", "", "/data"));
        assert_eq!(met(&[want(Read, "/dat"), want(Read, "/database")]), []);
    }

    #[test]
    fn the_root_holds_all() {
        let grants = [grant(FsAccess::Read, "a -> /")];
        let rules = FsRules::meet(&grants, &[want(FsAccess::Read, "/x/y")]);
        assert_eq!(rules.0[0].beneath, "x/y");
        assert_eq!(rules.0[0].to_string(), "a/x/y -> /x/y");
        assert!(grants[0].preopen().covers(&rules.0[0]));
        assert!(!rules.0[0].covers(&grants[0].preopen()));
    }
}
