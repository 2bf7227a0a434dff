//! Browsers and their drivers: those that are named, else those on the path, else the system's packages.

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

/// A browser that is tested only for the outlines, so that a machine without it is no failure.
pub(crate) struct Other {
    pub(crate) name: &'static str,
    /// The variable that names its program, for us and for the tests.
    pub(crate) variable: &'static str,
    /// What its program, or that of its driver, may be called.
    programs: &'static [&'static str],
    /// Programs without which that one does not run.
    beside: &'static [&'static str],
    /// The Debian packages of all.
    packages: &'static [&'static str],
}

pub(crate) const FIREFOX: Other = Other {
    name: "Firefox",
    variable: "SLEUTH_FIREFOX",
    programs: &["firefox-esr", "firefox"],
    beside: &[],
    packages: &["firefox-esr"],
};

pub(crate) const WEBKIT: Other = Other {
    name: "WebKitGTK",
    variable: "SLEUTH_WEBKIT",
    programs: &["WebKitWebDriver"],
    beside: &["Xvfb"],
    packages: &["webkit2gtk-driver", "xvfb"],
};

impl Other {
    /// Its program; on Debian it is installed when absent, elsewhere there is then none.
    pub(crate) fn find(&self, project: &Project) -> Result<Option<PathBuf>> {
        if self.here().is_none() && system::is_debian() {
            system::install(project, self.packages, "")?;
            return self.here().map(Some).with_context(|| format!("{} is still missing", self.name));
        }
        Ok(self.here())
    }

    fn here(&self) -> Option<PathBuf> {
        let all = self.beside.iter().all(|program| run::which(&[program]).is_some());
        named(self.variable).or_else(|| run::which(self.programs)).filter(|_| all)
    }
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
