//! What a case is.

use plug_host::TrapKind;

use crate::guest::Guest;
use crate::harness::Seen;

/// A hostile plugin, and what becomes of it.
pub struct Case {
    /// What the plugin does, as the page says it.
    pub does: &'static str,
    pub made: Made,
    pub deed: Deed,
    pub ends: Ends,
    /// The code of the error; none when the plugin is served.
    pub code: Option<&'static str>,
    /// What the error says, causes included, on its first line. When the plugin is served: what the page says.
    pub says: &'static str,
    /// Whether the error goes on behind that.
    pub goes_on: bool,
    /// How the plugin broke, if it did.
    pub kind: Option<TrapKind>,
    /// What else has to hold.
    pub also: Option<fn(&Seen)>,
}

/// How its component comes to be.
pub enum Made {
    Guest(Box<Guest>),
    Bytes(fn() -> Vec<u8>),
}

/// What is done with it.
#[derive(Clone, Copy)]
pub enum Deed {
    /// It is loaded.
    Load,
    /// It is loaded by a host that has no patience with compilers.
    LoadImpatiently,
    /// It is loaded and called, several times.
    Process { times: usize },
    /// It is loaded and unloaded.
    Unload,
    /// It is compiled without a contract, and this function of it is called.
    ByName(&'static str),
}

/// Where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// It is no artifact.
    Artifact,
    /// It is not loaded.
    Load,
    /// A call of it fails, each time.
    Call,
    /// It does not shut down in order.
    Unload,
    /// It is served, and does no harm.
    Served,
}

impl Case {
    fn new(does: &'static str, made: Made, deed: Deed, ends: Ends, says: &'static str) -> Case {
        Case { does, made, deed, ends, code: None, says, goes_on: false, kind: None, also: None }
    }

    /// A plugin that breaks when it is called.
    pub fn breaks(
        does: &'static str,
        guest: Guest,
        kind: TrapKind,
        code: &'static str,
        says: &'static str,
    ) -> Case {
        let made = Made::Guest(Box::new(guest));
        let case = Case::new(does, made, Deed::Process { times: 1 }, Ends::Call, says);
        Case { code: Some(code), kind: Some(kind), ..case }
    }

    /// A plugin that breaks as it is loaded.
    pub fn breaks_at_load(
        does: &'static str,
        guest: Guest,
        kind: TrapKind,
        code: &'static str,
        says: &'static str,
    ) -> Case {
        Case { deed: Deed::Load, ends: Ends::Load, ..Case::breaks(does, guest, kind, code, says) }
    }

    /// A plugin that answers as it may, and yet ends something.
    pub fn declines(
        does: &'static str,
        guest: Guest,
        deed: Deed,
        ends: Ends,
        code: &'static str,
        says: &'static str,
    ) -> Case {
        let case = Case::new(does, Made::Guest(Box::new(guest)), deed, ends, says);
        Case { code: Some(code), ..case }
    }

    /// A plugin that is refused without having run.
    pub fn refused(
        does: &'static str,
        bytes: fn() -> Vec<u8>,
        code: &'static str,
        says: &'static str,
    ) -> Case {
        let case = Case::new(does, Made::Bytes(bytes), Deed::Load, Ends::Load, says);
        Case { code: Some(code), ..case }
    }

    /// Bytes that are no plugin.
    pub fn no_artifact(
        does: &'static str,
        bytes: fn() -> Vec<u8>,
        code: &'static str,
        says: &'static str,
    ) -> Case {
        Case { ends: Ends::Artifact, ..Case::refused(does, bytes, code, says) }
    }

    /// A plugin that is served as any other.
    pub fn served(does: &'static str, guest: Guest, says: &'static str, also: fn(&Seen)) -> Case {
        let made = Made::Guest(Box::new(guest));
        let case = Case::new(does, made, Deed::Process { times: 1 }, Ends::Served, says);
        Case { also: Some(also), ..case }
    }

    /// The error says more than the table does.
    pub fn begins(self) -> Case {
        Case { goes_on: true, ..self }
    }

    pub fn times(self, times: usize) -> Case {
        Case { deed: Deed::Process { times }, ..self }
    }

    pub fn by(self, deed: Deed) -> Case {
        Case { deed, ..self }
    }

    pub fn told(self, code: &'static str, says: &'static str) -> Case {
        Case { code: Some(code), says, ..self }
    }

    pub fn also(self, also: fn(&Seen)) -> Case {
        Case { also: Some(also), ..self }
    }
}
