//! Hands the doc comment of each detection to the program: what a person reads in the source is what
//! `signin-sleuth explain` and the page show.

#![allow(clippy::expect_used, reason = "a build that cannot read its own sources has to stop")]

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    let rooms = Path::new("src/detections");
    println!("cargo:rerun-if-changed=src/detections");
    println!("cargo:rerun-if-env-changed=SLEUTH_COMMIT");
    let mut names: Vec<String> = fs::read_dir(rooms)
        .expect("src/detections is part of the crate")
        .filter_map(|entry| entry.ok()?.path().file_stem()?.to_str().map(str::to_owned))
        .collect();
    names.sort();
    names.dedup();
    let mut out = String::from(
        "/// Doc comments of the files in `src/detections`, by file name.\npub(crate) const DOCS: &[(&str, &str)] = &[\n",
    );
    for name in names {
        let Ok(source) = fs::read_to_string(rooms.join(format!("{name}.rs"))) else { continue };
        let doc: String = source
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
            .collect();
        writeln!(out, "    ({name:?}, {doc:?}),").expect("a string takes what is written");
    }
    out.push_str("];\n");
    let target = Path::new(&env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("detection_docs.rs");
    fs::write(target, out).expect("OUT_DIR can be written");
}
