//! Chromium and its driver: those that are named, else those on the path, else the system's packages.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use super::system;
use crate::project::Project;
use crate::run;

const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// A browser and the program that drives it for wasm-bindgen's tests.
pub(crate) struct Browser {
    pub(crate) program: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Finds a browser (`SLEUTH_CHROMIUM`, `SLEUTH_CHROMEDRIVER`, the path) or installs one.
pub(crate) fn browser(project: &Project) -> Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    let elsewhere = "Install Chromium or Chrome and the chromedriver of the same version, and put both on the path \
                     or name them in SLEUTH_CHROMIUM and SLEUTH_CHROMEDRIVER.";
    system::install(project, &["chromium", "chromium-driver"], elsewhere)?;
    find().with_context(|| format!("Chromium or its driver is still missing. {elsewhere}"))
}

fn find() -> Option<Browser> {
    let program = named("SLEUTH_CHROMIUM").or_else(|| run::which(CHROMIUM))?;
    // Hosted runners name the folder of the driver that fits their Chrome.
    let beside = env::var_os("CHROMEWEBDRIVER").map(|folder| Path::new(&folder).join("chromedriver"));
    let driver = named("SLEUTH_CHROMEDRIVER")
        .or_else(|| beside.filter(|driver| driver.is_file()))
        .or_else(|| run::which(&["chromedriver"]))?;
    Some(Browser { program, driver })
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

impl Browser {
    /// What wasm-bindgen's test runner is told of the browser, as the file that it reads.
    pub(crate) fn capabilities(&self, project: &Project) -> Result<PathBuf> {
        let mut args = vec!["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"];
        args.extend(["--disable-background-networking", "--disable-component-update", "--disable-sync"]);
        if run::answer(Command::new("id").arg("-u")).as_deref() == Some("0") {
            args.push("--no-sandbox");
        }
        let file = project.work().join("webdriver.json");
        let text = json!({ "goog:chromeOptions": { "binary": self.program, "args": args } });
        fs::create_dir_all(project.work())?;
        fs::write(&file, format!("{text:#}\n")).with_context(|| format!("write {}", file.display()))?;
        Ok(file)
    }
}
