//! `--tune`: values for tunables, one by one or from a file.

use std::fs;

use clap::Args;
use serde_json::{Map, Value};
use signin_sleuth::detections::Tuning;

use super::Trouble;

/// The option as the subcommands share it.
#[derive(Debug, Args)]
pub(crate) struct Tune {
    /// Tunes a detection: DETECTION.TUNABLE=VALUE, or a JSON file of such pairs or with an earlier
    /// report. May be given again; the last value counts
    #[arg(long = "tune", alias = "tuning", value_name = "KEY=VALUE|FILE.json")]
    values: Vec<String>,
}

impl Tune {
    /// What they say together.
    ///
    /// # Errors
    /// When a file cannot be read, or a detection, tunable or value does not exist.
    pub(crate) fn read(&self) -> Result<Tuning, Trouble> {
        let mut tuning = Tuning::default();
        for value in &self.values {
            match value.split_once('=') {
                Some((key, value)) => set(&mut tuning, key.trim(), value)?,
                None => from_file(&mut tuning, value)?,
            }
        }
        Ok(tuning)
    }
}

fn set(tuning: &mut Tuning, key: &str, value: &str) -> Result<(), Trouble> {
    tuning.set(key, value).map_err(|error| Trouble(format!("--tune {error}")))
}

fn from_file(tuning: &mut Tuning, path: &str) -> Result<(), Trouble> {
    let trouble = |what: &str| {
        let form = r#"{"foci-pivot.max-gap-minutes": 90}"#;
        Trouble(format!("--tune {path}: {what}; give KEY=VALUE, or a JSON file such as {form}"))
    };
    let text = fs::read_to_string(path).map_err(|error| trouble(&super::sources::reason(&error)))?;
    let document: Map<String, Value> =
        serde_json::from_str(&text).map_err(|error| trouble(&format!("not a JSON object of tunings ({error})")))?;
    // A report of this program carries the tuning it was made with.
    let pairs = match document.get("tuning") {
        Some(Value::Object(inner)) => inner,
        _ => &document,
    };
    for (key, value) in pairs {
        let value =
            plain(value).ok_or_else(|| trouble(&format!("{key} holds no text, number, truth value or list")))?;
        tuning.set(key, &value).map_err(|error| Trouble(format!("--tune {path}: {error}")))?;
    }
    Ok(())
}

/// A JSON value as it would stand on the command line.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null => Some("none".to_owned()),
        Value::Array(items) => items.iter().map(plain).collect::<Option<Vec<_>>>().map(|items| items.join(",")),
        Value::Object(_) => None,
    }
}
