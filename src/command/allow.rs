//! `--allow`: what is known to be harmless, from a file that the page writes.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use signin_sleuth::report::page::allow::{self, Allowed};
use signin_sleuth::report::visible;

use super::Trouble;

/// The option.
#[derive(Debug, Args)]
pub(crate) struct Allow {
    /// Puts aside what is known to be harmless: an allow list or a case file that the page saved. What it hides
    /// is counted, and stands in the report as suppressed. May be given again
    #[arg(long = "allow", value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Allow {
    /// The entries of all files.
    ///
    /// # Errors
    /// When a file cannot be read or holds no allow list.
    pub(crate) fn read(&self) -> Result<Vec<Allowed>, Trouble> {
        let mut all = Vec::new();
        for file in &self.files {
            let trouble = |what: &str| {
                let form = r#"{"allowed": [{"all": [{"field": "network", "value": "AS64502"}], "note": "ours"}]}"#;
                Trouble(format!("--allow {}: {what}; give a file such as {form}", visible(&file.display().to_string())))
            };
            let text = fs::read_to_string(file).map_err(|error| trouble(&super::sources::reason(&error)))?;
            all.extend(allow::read(&text).map_err(|error| trouble(&visible(&error)))?);
        }
        Ok(all)
    }
}
