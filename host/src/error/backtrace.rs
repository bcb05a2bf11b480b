//! Where a plugin was when it broke.

use std::fmt;

use wasmtime::{FrameInfo, FrameSymbol, WasmBacktrace};

/// How many frames are kept: what was inlined into a function is the guest's to say.
const MOST_FRAMES: usize = 128;
/// Symbols come out of the component, so their length is the guest's choice.
const LONGEST_NAME: usize = 512;

/// Where a plugin was when it broke, innermost function first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backtrace {
    frames: Vec<Frame>,
}

/// A function on the plugin's stack.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frame {
    /// The core module's name, if it has one.
    pub module: Option<String>,
    /// The function's name, readable; `<wasm function 7>` when the component was stripped.
    pub function: String,
    /// Where in the module's bytes it is.
    pub offset: Option<usize>,
    /// The source file, if the component has debug info.
    pub file: Option<String>,
    /// The line in it.
    pub line: Option<u32>,
}

impl Backtrace {
    pub(crate) fn of(error: &wasmtime::Error) -> Backtrace {
        let frames = error
            .downcast_ref::<WasmBacktrace>()
            .map(|trace| trace.frames().iter().flat_map(frames).take(MOST_FRAMES).collect())
            .unwrap_or_default();
        Backtrace { frames }
    }

    /// The functions, innermost first. Empty when the plugin's own code was not running.
    #[must_use]
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }
}

impl fmt::Display for Backtrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, frame) in self.frames.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{i:>3}: {frame}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.function)?;
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, " at {file}:{line}"),
            (Some(file), None) => write!(f, " at {file}"),
            (None, _) => match (&self.module, self.offset) {
                (Some(module), Some(offset)) => write!(f, " at {module}+{offset:#x}"),
                (None, Some(offset)) => write!(f, " at {offset:#x}"),
                (_, None) => Ok(()),
            },
        }
    }
}

/// One for the function itself and one for each that was inlined into it.
fn frames(info: &FrameInfo) -> Vec<Frame> {
    let module = info.module().name().map(shortened);
    let own = || info.func_name().map_or_else(|| format!("<wasm function {}>", info.func_index()), readable);
    let frame = |symbol: Option<&FrameSymbol>| Frame {
        module: module.clone(),
        function: symbol.and_then(FrameSymbol::name).map_or_else(own, readable),
        offset: info.module_offset(),
        file: symbol.and_then(FrameSymbol::file).map(shortened),
        line: symbol.and_then(FrameSymbol::line),
    };
    if info.symbols().is_empty() {
        vec![frame(None)]
    } else {
        info.symbols().iter().map(|symbol| frame(Some(symbol))).collect()
    }
}

fn readable(symbol: &str) -> String {
    // `{:#}` leaves out the hash at the end
    shortened(&format!("{:#}", rustc_demangle::demangle(&shortened(symbol))))
}

/// Names are the guest's: they are cut off, and cannot steer a terminal.
fn shortened(text: &str) -> String {
    let kept = &text[..text.floor_char_boundary(LONGEST_NAME)];
    kept.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_are_readable_and_bounded() {
        assert_eq!(readable("_ZN4core9panicking5panic17h0123456789abcdefE"), "core::panicking::panic");
        assert_eq!(readable("process"), "process");
        assert_eq!(readable("\x1b[2Jgone\n"), "\u{fffd}[2Jgone\u{fffd}");
        assert_eq!(readable(&"x".repeat(10_000)).len(), LONGEST_NAME);
    }

    #[test]
    fn a_frame_names_the_best_place_it_knows() {
        let mut frame = Frame { module: None, function: "f".into(), offset: None, file: None, line: None };
        assert_eq!(frame.to_string(), "f");
        frame.offset = Some(0x1f);
        assert_eq!(frame.to_string(), "f at 0x1f");
        frame.module = Some("m".into());
        assert_eq!(frame.to_string(), "f at m+0x1f");
        frame.file = Some("src/lib.rs".into());
        frame.line = Some(3);
        assert_eq!(frame.to_string(), "f at src/lib.rs:3");
    }
}
