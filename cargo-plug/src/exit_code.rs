/// How a run ended. The numbers are part of the interface: scripts may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[repr(u8)]
pub enum ExitCode {
    /// 0: done.
    Fine = 0,
    /// 1: it was tried and failed: a build error, a missing tool, a plugin that answered `err`.
    Failed = 1,
    /// 2: the command line was not understood, or names what is not there; nothing was tried.
    Usage = 2,
    /// 100: the question was answered, and the answer is "these two do not fit".
    Incompatible = 100,
    /// 101: whether they fit could not be decided, because something to compare could not be read.
    Undecided = 101,
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}
