//! What the command says of itself.

use super::fixtures::folder;
use super::running::run;

#[test]
fn help_of_the_command() {
    let ran = run(folder().path(), &["-h"]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.out, @r#"
    Finds stolen and abused sessions in Microsoft Entra ID exports. Nothing leaves this machine

    Usage: signin-sleuth <COMMAND>

    Commands:
      analyze     Reads exports and says which sessions were stolen, on what evidence
      ask         Answers a question by name: who was at an address, what somebody changed, how sign-ins
                  stand
      detections  Lists the detections with what can be tuned
      explain     Explains a detection, and writes it as KQL for Sentinel, Log Analytics or Azure Data
                  Explorer
      generate    Makes the exports of a tenant that never was, with incidents in it: for trials, tests
                  and lessons
      inspect     Says what each file is, how well it is filled, and what it is good for
      help        Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Examples:
      signin-sleuth inspect exports.zip
      signin-sleuth analyze exports/
      signin-sleuth analyze exports/ --output json > report.json
      signin-sleuth analyze exports/ --raw 6df22d1e5365b817
      signin-sleuth ask users-of-address 203.0.113.7 exports/
      signin-sleuth explain foci-pivot --kql

    Exit codes: 0 it ran, 1 findings at or above --fail-on, 2 called wrongly, 3 no input could be read
    "#);
}

#[test]
fn help_of_analyze() {
    insta::assert_snapshot!(run(folder().path(), &["analyze", "-h"]).out, @r#"
    Reads exports and says which sessions were stolen, on what evidence

    Usage: signin-sleuth analyze [OPTIONS] <PATH>...

    Arguments:
      <PATH>...  Exports: files, folders, .zip, .gz, or - for standard input

    Options:
      -o, --output <FORM>               How to write the report [default: text] [possible values: text,
                                        json, csv]
          --evidence                    With --output csv: a row for each record of evidence, not for
                                        each finding
          --all                         With text: every flagged session in full, not only the worst 20
          --list <KIND=FILE>            A list of networks and what they are: known-good, hosting, vpn,
                                        proxy, tor or relay. Other lists are recognised among the paths,
                                        by a column, a first comment or their name. May be given again
          --tune <KEY=VALUE|FILE.json>  Tunes a detection: DETECTION.TUNABLE=VALUE, or a JSON file of
                                        such pairs or with an earlier report. May be given again; the
                                        last value counts
          --allow <FILE>                Puts aside what is known to be harmless: an allow list or a case
                                        file that the page saved. What it hides is counted, and stands
                                        in the report as suppressed. May be given again
          --zone <[FILE=]ZONE>          The zone of times that name none: a name such as Europe/Berlin,
                                        or +02:00. Of one file, or of all whose times name none. May be
                                        given again
          --day-order <[FILE=]ORDER>    Which comes first in dates that leave it open: day-first or
                                        month-first. Of one file, or of all. May be given again
          --fail-on <SEVERITY>          Exit with 1 if there is a finding of this severity or a higher
                                        one [possible values: info, low, medium, high, critical]
          --hash                        Add the SHA-256 of each input to the report
          --threads <N>                 Threads to work on; the report is the same for any number
                                        [default: one a core]
          --raw <FINDING>               Instead of the report: the records of one finding as they stand
                                        in the files
      -h, --help                        Print help (see more with '--help')
    "#);
}

#[test]
fn version() {
    let ran = run(folder().path(), &["--version"]);
    assert_eq!((ran.code, ran.out), (0, format!("signin-sleuth {}\n", env!("CARGO_PKG_VERSION"))));
}
