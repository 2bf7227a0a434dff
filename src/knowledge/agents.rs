//! User agents: which program on which operating system, and when two are of one family.
//!
//! A person's machine shows many agents: browser, web view, sign-in broker, native apps. On one
//! operating system they are one family. Scripts and tools are each a family of their own,
//! whatever they run on.
//!
//! Source: agents seen in public samples and detection rules, and general knowledge; 2026-11-01.

use std::fmt;

use super::agent_tables::{APPS, BROWSERS, Match, SYSTEMS, TOOLS};

/// An operating system family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Os {
    /// Windows.
    Windows,
    /// macOS. An iPad's browser calls itself this too, by default.
    MacOs,
    /// iOS and iPadOS.
    Ios,
    /// Apple's network library, without saying on which of its systems.
    Apple,
    /// Android.
    Android,
    /// Linux on a desktop or server.
    Linux,
    /// ChromeOS.
    ChromeOs,
}

impl Os {
    /// As sentences write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Windows => "Windows",
            Self::MacOs => "macOS",
            Self::Ios => "iOS",
            Self::Apple => "an Apple system",
            Self::Android => "Android",
            Self::Linux => "Linux",
            Self::ChromeOs => "ChromeOS",
        }
    }
}

/// What a tool is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ToolKind {
    /// Attack tools.
    Offensive,
    /// Libraries that phishing proxies and their kits use; honest scripts do too.
    Kit,
    /// General libraries and command-line programs.
    Library,
    /// Administrators' and developers' tools.
    Admin,
    /// Mail protocols without modern authentication, as their servers announce them.
    LegacyMail,
}

/// What sort of program an agent is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Nothing is known: empty, or not recognised and no operating system either.
    Unknown,
    /// A browser.
    Browser,
    /// A native app, web view or sign-in broker.
    App,
    /// A script or tool.
    Tool(ToolKind),
}

/// A program on an operating system. Small, and equal for equal input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Agent {
    /// The operating system, where it is known.
    pub os: Option<Os>,
    /// What sort of program it is.
    pub class: Class,
    /// The program's name; empty where it is unknown.
    pub product: &'static str,
}

/// What agents have in common that one person's machine shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Nothing is known of it.
    Unknown,
    /// Browser, web view, broker and native apps of one operating system.
    System(Os),
    /// A script or tool, by its name.
    Tool(&'static str),
}

impl Family {
    /// As a person reads it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unknown => "unknown programs",
            Self::System(os) => os.name(),
            Self::Tool(name) => name,
        }
    }
}

impl Agent {
    /// No agent, or none that says anything.
    pub const UNKNOWN: Self = Self { os: None, class: Class::Unknown, product: "" };

    /// Reads the user agent; where it is empty or silent, the device's operating system and browser
    /// (`deviceDetail`) fill in. Any of the three may be empty.
    #[must_use]
    pub fn read(user_agent: &str, operating_system: &str, browser: &str) -> Self {
        let agent = user_agent.trim().to_ascii_lowercase();
        let browser = browser.trim().to_ascii_lowercase();
        let os = find(SYSTEMS, &agent).or_else(|| device_os(operating_system));
        // Device details write `Python Requests 2.31` for what the agent calls `python-requests`.
        let tool =
            find(TOOLS, &agent).or_else(|| agent.is_empty().then(|| find(TOOLS, &browser.replace(' ', "-"))).flatten());
        if let Some((product, kind)) = tool {
            return Self { os, class: Class::Tool(kind), product };
        }
        let named = find(APPS, &agent)
            .map(|product| (Class::App, product))
            .or_else(|| find(BROWSERS, &agent).map(|product| (Class::Browser, product)))
            .or_else(|| device_browser(&browser));
        match (named, os) {
            (Some((class, product)), _) => Self { os, class, product },
            (None, Some(_)) => Self { os, class: Class::App, product: "App" },
            (None, None) => Self::UNKNOWN,
        }
    }

    /// The agent in words: `Edge on Windows`, `python-requests`, `unknown agent`.
    #[must_use]
    pub fn label(self) -> String {
        self.to_string()
    }

    /// The family it belongs to.
    #[must_use]
    pub fn family(self) -> Family {
        match self.class {
            Class::Tool(_) => Family::Tool(self.product),
            Class::Unknown => Family::Unknown,
            Class::Browser | Class::App => self.os.map_or(Family::Unknown, Family::System),
        }
    }

    /// What the tool is made for; `None` for a person's program and for the unknown.
    #[must_use]
    pub const fn tool(self) -> Option<ToolKind> {
        match self.class {
            Class::Tool(kind) => Some(kind),
            Class::Unknown | Class::Browser | Class::App => None,
        }
    }
}

impl fmt::Display for Agent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.class, self.os) {
            (Class::Unknown, _) => out.write_str("unknown agent"),
            (Class::Browser | Class::App, Some(os)) => {
                write!(out, "{} on {}", self.product, os.name())
            }
            (Class::Browser | Class::App, None) | (Class::Tool(_), _) => out.write_str(self.product),
        }
    }
}

/// Whether two agents are of one family; `None` where either is unknown, for unknown is never
/// different.
#[must_use]
pub fn same_family(a: Agent, b: Agent) -> Option<bool> {
    match (a.family(), b.family()) {
        // A tool is no person's program, whatever that one is.
        (Family::Tool(_), _) if matches!(b.class, Class::Browser | Class::App) => Some(false),
        (_, Family::Tool(_)) if matches!(a.class, Class::Browser | Class::App) => Some(false),
        (Family::Unknown, _) | (_, Family::Unknown) => None,
        (Family::System(Os::Apple), Family::System(Os::Ios | Os::MacOs))
        | (Family::System(Os::Ios | Os::MacOs), Family::System(Os::Apple)) => None,
        (a, b) => Some(a == b),
    }
}

/// What the first entry that fits the (lower-case) text stands for.
fn find<T: Copy>(table: &[(Match, T)], text: &str) -> Option<T> {
    table
        .iter()
        .find(|(rule, _)| match *rule {
            Match::Is(needle) => text == needle,
            Match::Starts(needle) => text.starts_with(needle),
            Match::Has(needle) => text.contains(needle),
        })
        .map(|&(_, value)| value)
}

/// The system that `deviceDetail.operatingSystem` names: `Windows 10`, `Windows10`, `Ios 18.1`.
fn device_os(text: &str) -> Option<Os> {
    let text = text.trim().to_ascii_lowercase();
    let starts = |needle| text.starts_with(needle);
    if starts("windows") {
        Some(Os::Windows)
    } else if starts("mac") || starts("os x") {
        Some(Os::MacOs)
    } else if starts("ios") || starts("ipad") || starts("iphone") {
        Some(Os::Ios)
    } else if starts("android") {
        Some(Os::Android)
    } else if starts("chrome") || starts("cros") {
        Some(Os::ChromeOs)
    } else if starts("linux") || starts("ubuntu") || starts("debian") || starts("fedora") {
        Some(Os::Linux)
    } else {
        None
    }
}

/// The program that `deviceDetail.browser` names: `Edge 146.0.0`, `Rich Client 4.43.0.0`.
fn device_browser(text: &str) -> Option<(Class, &'static str)> {
    let starts = |needle| text.starts_with(needle);
    if starts("rich client") {
        Some((Class::App, "App"))
    } else if starts("edge") || starts("microsoft edge") {
        Some((Class::Browser, "Edge"))
    } else if starts("chrome") {
        Some((Class::Browser, "Chrome"))
    } else if starts("firefox") {
        Some((Class::Browser, "Firefox"))
    } else if starts("safari") || starts("mobile safari") {
        Some((Class::Browser, "Safari"))
    } else if starts("opera") {
        Some((Class::Browser, "Opera"))
    } else if starts("ie ") || starts("internet explorer") {
        Some((Class::Browser, "Internet Explorer"))
    } else {
        None
    }
}

#[cfg(test)]
#[path = "agents_tests.rs"]
mod tests;
