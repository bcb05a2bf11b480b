//! The command line.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Parser;

/// Runs a picture through plugins, one after the other, and writes what comes out.
///
/// Exit codes: 0 fine, 1 a picture cannot be read or written, 2 wrong usage, 3 a plugin was refused
/// or failed.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// A PNG or JPEG file.
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,

    /// Where the result goes; the ending says whether as PNG or JPEG.
    #[arg(value_name = "OUT", value_parser = output)]
    pub(crate) output: PathBuf,

    /// A plugin; once for each step. Its name is that of the file, `invert-2` for the second
    /// `invert.wasm`.
    #[arg(long = "plugin", value_name = "FILE", required = true)]
    plugins: Vec<PathBuf>,

    /// Configures a plugin: `resize.max-width=640`.
    #[arg(long, value_name = "PLUGIN.KEY=VALUE", value_parser = entry)]
    config: Vec<(String, String)>,

    /// An option of the calls; every plugin gets it.
    #[arg(long = "option", value_name = "KEY=VALUE", value_parser = entry)]
    pub(crate) options: Vec<(String, String)>,
}

/// A plugin's turn.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) file: PathBuf,
    pub(crate) config: Vec<(String, String)>,
}

impl Arguments {
    /// The plugins in their order, each with its own name and configuration.
    pub(crate) fn steps(&self) -> anyhow::Result<Vec<Step>> {
        let mut times = BTreeMap::new();
        let mut steps = Vec::new();
        for file in &self.plugins {
            let stem =
                file.file_stem().with_context(|| format!("{} is no file", file.display()))?.to_string_lossy();
            let count = times.entry(stem.clone()).and_modify(|count| *count += 1).or_insert(1);
            let name = if *count == 1 { stem.into_owned() } else { format!("{stem}-{count}") };
            steps.push(Step { name, file: file.clone(), config: Vec::new() });
        }
        for (key, value) in &self.config {
            let step = key.split_once('.').and_then(|(plugin, key)| {
                let step = steps.iter_mut().find(|step| step.name == plugin)?;
                Some((step, key))
            });
            match step {
                Some((step, key)) => step.config.push((key.to_owned(), value.clone())),
                None => {
                    let names: Vec<_> = steps.iter().map(|step| format!("`{}.`", step.name)).collect();
                    bail!(
                        "--config {key}={value} is for no plugin; the key has to begin with {}",
                        names.join(" or ")
                    );
                }
            }
        }
        Ok(steps)
    }
}

fn output(text: &str) -> Result<PathBuf, String> {
    let file = PathBuf::from(text);
    match image::ImageFormat::from_path(&file) {
        Ok(image::ImageFormat::Png | image::ImageFormat::Jpeg) => Ok(file),
        _ => Err("it has to end in .png, .jpg or .jpeg".to_owned()),
    }
}

fn entry(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("it has to be KEY=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Arguments {
        Arguments::parse_from(["image-pipeline"].into_iter().chain(line.split_whitespace()))
    }

    #[test]
    fn a_plugin_given_twice_has_two_names() {
        let arguments =
            parse("in.png out.png --plugin a/invert.wasm --plugin b/invert.wasm --config invert-2.key=x=y");
        let steps = arguments.steps().unwrap();
        assert_eq!((steps[0].name.as_str(), steps[1].name.as_str()), ("invert", "invert-2"));
        assert!(steps[0].config.is_empty());
        assert_eq!(steps[1].config, [("key".to_owned(), "x=y".to_owned())]);
    }

    #[test]
    fn configuration_for_nobody_is_refused() {
        for key in ["resize.max-width=1", "max-width=1", "invert-2.a=1"] {
            let line = format!("in.png out.png --plugin invert.wasm --config {key}");
            let error = parse(&line).steps().unwrap_err().to_string();
            assert!(error.contains(key) && error.contains("`invert.`"), "{error}");
        }
    }

    #[test]
    fn other_endings_are_wrong_usage() {
        for line in ["in.png out.gif --plugin a.wasm", "in.png out --plugin a.wasm", "in.png out.png"] {
            let line = ["image-pipeline"].into_iter().chain(line.split_whitespace());
            assert!(Arguments::try_parse_from(line).is_err());
        }
    }
}
