//! `signin-sleuth generate`: a tenant that never was, for trying things out.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;
use signin_sleuth::generate::{Amount, Format, Kind, Settings, tenant, write_large};

use super::sources::reason;
use super::{Ending, Trouble, out};

/// Makes the exports of a tenant that never was, with incidents in it: for trials, tests and lessons
#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// Folder to write to; with --large a file, or - for standard output. Nothing is overwritten
    #[arg(long, value_name = "PATH")]
    out: PathBuf,

    /// Everything follows from it: the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// People
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=36_000), conflicts_with = "large")]
    users: u32,

    /// Days, from 2 November 2026 on
    #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(u32).range(1..=366), conflicts_with = "large")]
    days: u32,

    /// How the exports are written
    #[arg(
        long,
        default_value = Format::Collection.name(),
        value_parser = PossibleValuesParser::new(Format::ALL.iter().map(|format| format.name())),
        conflicts_with = "large"
    )]
    format: String,

    /// Incidents that happen, separated by commas [default: all of them]
    #[arg(
        long,
        value_name = "KIND",
        value_delimiter = ',',
        value_parser = PossibleValuesParser::new(Kind::ALL.iter().map(|kind| kind.name()).chain(["none"])),
        conflicts_with = "large"
    )]
    incidents: Vec<String>,

    /// Add what looks like an incident and is none
    #[arg(long, conflicts_with = "large")]
    near_misses: bool,

    /// Add labels.json, which says which events belong to which incident
    #[arg(long, conflicts_with = "large")]
    labels: bool,

    /// Instead: one file of Graph beta sign-ins, one a line, this long: 300MB, 10GB or 2000000events
    #[arg(long, value_name = "SIZE", value_parser = amount)]
    large: Option<Amount>,
}

impl Generate {
    pub(crate) fn run(&self) -> Result<Ending, Trouble> {
        match self.large {
            Some(amount) => self.one(amount)?,
            None => self.several()?,
        }
        Ok(Ending::Ran)
    }

    fn several(&self) -> Result<(), Trouble> {
        let mut settings = Settings {
            seed: self.seed,
            users: self.users,
            days: self.days,
            near_misses: self.near_misses,
            ..Settings::default()
        };
        if !self.incidents.is_empty() {
            settings.incidents = self.incidents.iter().filter_map(|name| Kind::parse(name)).collect();
        }
        let tenant = tenant(&settings);
        let format = Format::parse(&self.format).unwrap_or(Format::Collection);
        let mut files = tenant.write(format);
        files.extend(self.labels.then(|| tenant.labels_file()));
        fs::create_dir_all(&self.out).map_err(|error| trouble(&self.out, &error))?;
        let paths: Vec<PathBuf> = files.iter().map(|file| self.out.join(&file.name)).collect();
        // None is written where one is in the way.
        if let Some(path) = paths.iter().find(|path| path.exists()) {
            return Err(in_the_way(path));
        }
        let mut list = String::new();
        for (path, content) in paths.iter().zip(&files) {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(|error| trouble(folder, &error))?;
            }
            create(path)?.write_all(&content.bytes).map_err(|error| trouble(path, &error))?;
            list.push_str(&format!("{}  {} bytes\n", path.display(), content.bytes.len()));
        }
        out::write(list.as_bytes())
    }

    fn one(&self, amount: Amount) -> Result<(), Trouble> {
        let mut sink: Box<dyn Write> =
            if self.out.as_os_str() == "-" { Box::new(io::stdout().lock()) } else { Box::new(create(&self.out)?) };
        let mut written = Ok(());
        write_large(amount, self.seed, |piece| {
            if written.is_ok() {
                written = sink.write_all(piece);
            }
        });
        match written.and_then(|()| sink.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(trouble(&self.out, &error)),
            _ => Ok(()),
        }
    }
}

/// A new file: what is there already may be somebody's evidence.
fn create(path: &Path) -> Result<File, Trouble> {
    OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => in_the_way(path),
        _ => trouble(path, &error),
    })
}

fn in_the_way(path: &Path) -> Trouble {
    Trouble(format!("{}: it exists already and is not overwritten; choose another path", path.display()))
}

fn trouble(path: &Path, error: &io::Error) -> Trouble {
    Trouble(format!("{}: {}", path.display(), reason(error)))
}

fn amount(text: &str) -> Result<Amount, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor = match unit.to_ascii_lowercase().as_str() {
        "events" => {
            return number.parse().map(Amount::Events).map_err(|error| error.to_string());
        }
        "" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => return Err("give bytes, kB, MB, GB or events, such as 300MB".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "give a whole number first, such as 300MB".to_owned())?;
    number.checked_mul(factor).map(Amount::Bytes).ok_or_else(|| "that is more than can be counted".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_decimal_and_may_be_events() {
        assert_eq!(amount("300MB"), Ok(Amount::Bytes(300_000_000)));
        assert_eq!(amount("10gb"), Ok(Amount::Bytes(10_000_000_000)));
        assert_eq!(amount("17"), Ok(Amount::Bytes(17)));
        assert_eq!(amount("2000000events"), Ok(Amount::Events(2_000_000)));
        for wrong in ["", "MB", "3 MB", "3TB", "99999999999GB", "events", "-1"] {
            assert!(amount(wrong).is_err(), "{wrong}");
        }
    }
}
