//! Where the lines of each text begin, so that a place is found without reading the text again.

use std::collections::HashMap;

use wit_parser::{SourceMap, Span};

use crate::model::Location;

/// The beginnings of all lines of all texts, by the name under which a text was given.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines(HashMap<String, Vec<usize>>);

impl Lines {
    pub(super) fn add(&mut self, name: &str, text: &str) {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        self.0.insert(name.to_owned(), starts.collect());
    }

    /// The place at which a span begins; none for what came from a binary.
    pub(super) fn location(&self, map: &SourceMap, span: Span) -> Option<Location> {
        let place = map.resolve_span(span)?;
        let starts = self.0.get(place.path)?;
        let line = starts.partition_point(|start| *start <= place.range.start);
        let column = place.range.start - starts.get(line.checked_sub(1)?)? + 1;
        Some(Location {
            file: place.path.to_owned(),
            line: u32::try_from(line).ok()?,
            column: u32::try_from(column).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_that_wit_parser_renders() {
        let text = "package a:b;\ninterface i {\n  f: func();\n}\n\nworld w { export i; }";
        let mut map = SourceMap::default();
        map.push_str("x.wit", text);
        let group = map.parse().unwrap_or_else(|(_, error)| panic!("{error}"));
        let mut lines = Lines::default();
        lines.add("x.wit", text);
        let spans = group.main.interfaces.iter().flat_map(|(_, interface)| {
            interface.functions.values().map(|function| function.span).chain([interface.span])
        });
        for span in spans {
            let place = lines.location(&group.source_map, span).unwrap();
            assert_eq!(place.to_string(), group.source_map.render_location(span));
        }
    }
}
