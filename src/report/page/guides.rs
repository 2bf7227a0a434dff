//! How to make each export, for the page: `www/exports.ts` is generated from here.

use serde_json::json;

use crate::formats::{ALL, BESIDE, Holds, Way, best};

const HEAD: &str = "\
// Which exports to make, in the order of what they show, and how; and what formats are called.
// Generated from src/formats/export.rs. To write it anew: WRITE_TYPES=1 cargo test --lib typescript

import type { RecordKind } from \"./model\";

export interface ExportGuide {
  kind: RecordKind;
  name: string;
  /** What it shows, in few words. */
  shows: string;
  needed: boolean;
  /** The way through the admin center, in one line. */
  path: string;
  /** Each step. */
  steps: string[];
  /** What it needs and what to know. */
  needs: string;
  powershell: string;
}
";

/// What is told of a kind of record: its name, what it shows, and whether it is needed.
const TOLD: [(Holds, &str, &str, bool); 5] = [
    (Holds::Interactive, "Interactive sign-ins", "needed", true),
    (Holds::NonInteractive, "Non-interactive sign-ins", "needed", true),
    (Holds::Directory, "Audit log", "shows devices and methods registered", false),
    (Holds::ServicePrincipal, "Service principals", "applications", false),
    (Holds::ManagedIdentity, "Managed identities", "applications in Azure", false),
];

/// Exports from elsewhere: what they hold, where they are made, their name, and what they show.
const FURTHER: [(&[Holds], &str, &str, &str); 2] = [
    (&[Holds::Activity], "Purview portal", "Unified audit log", "mail, files, Teams"),
    (&[Holds::Risk], "Graph", "Risk detections", "what Microsoft noticed"),
];

/// The file.
pub(super) fn text() -> String {
    let guides: Vec<String> = TOLD.iter().map(guide).collect();
    let further = FURTHER.iter().map(|(holds, by, name, shows)| {
        let path = format!("{by} › {}", way(holds, by).how(holds));
        format!("  {},\n", json!({"name": name, "path": path, "shows": shows}))
    });
    let further: String = further.collect();
    let titles = ALL.iter().map(|format| (format.name, format.export.title()));
    let titles = titles.chain(BESIDE.iter().map(|(name, title)| (*name, (*title).to_owned())));
    let titles: Vec<String> = titles.map(|(name, title)| format!("  [{}, {}],\n", json!(name), json!(title))).collect();
    format!(
        "{HEAD}\nexport const GUIDES: ExportGuide[] = [\n{}];\n\n\
         /** Exports from elsewhere. */\nexport const FURTHER: {{ name: string; path: string; shows: string }}[] = [\n{further}];\n\n\
         export const POWERSHELL = {};\n\n\
         /** What a person calls a format. */\nexport const FORMATS: [string, string][] = [\n{}];\n",
        guides.concat(),
        json!(powershell(Holds::USERS)),
        titles.concat(),
    )
}

fn guide((kind, name, shows, is_needed): &(Holds, &str, &str, bool)) -> String {
    let holds = std::slice::from_ref(kind);
    let path = way(holds, "Entra admin center").how(holds);
    let stations: Vec<&str> = path.split(" › ").collect();
    let [room, place, choices @ .., _, _] = stations.as_slice() else { panic!("{path}: no way to a download") };
    let mut steps = vec![format!("Open entra.microsoft.com, {room}, {place}.")];
    steps.push(match choices {
        [] => "Choose the time, the same for all exports.".to_owned(),
        [tab, ..] => format!("Choose the tab {tab} and the time, the same for all exports."),
    });
    steps.push("Download, JSON. A download stops at about 250,000 rows: take shorter times if it is full.".to_owned());
    steps.push("Drop the file on this page.".to_owned());
    let log = if *kind == Holds::Directory { "Audit logs" } else { "Sign-in logs" };
    let needs = format!(
        "Role Reports Reader or Security Reader. {log} are kept 30 days with Entra ID P1 or P2, 7 days without."
    );
    let most = if *kind == Holds::NonInteractive { ". Most stolen tokens show up only here." } else { "" };
    let fields = [
        ("kind", json!(kind)),
        ("name", json!(name)),
        ("shows", json!(shows)),
        ("needed", json!(is_needed)),
        ("path", json!(format!("Entra admin center › {path}{most}"))),
        ("steps", json!(steps)),
        ("needs", json!(needs)),
        ("powershell", json!(powershell(holds))),
    ];
    let lines: Vec<String> = fields.iter().map(|(name, value)| format!("    {name}: {value},\n")).collect();
    format!("  {{\n{}  }},\n", lines.concat())
}

/// The best way to make it that leads there.
fn way(holds: &[Holds], by: &str) -> &'static Way {
    let mut ways = best(holds, &[]).into_iter().flat_map(|format| format.export.ways);
    ways.find(|way| way.by == by).expect("there is such a way")
}

/// The lines for PowerShell.
fn powershell(holds: &[Holds]) -> String {
    let line = way(holds, "PowerShell").how(holds);
    format!(
        "Connect-MgGraph -Scopes AuditLog.Read.All\n{}",
        line.replace(" | ForEach", " |\n  ForEach").replace(" | Set", " |\n  Set")
    )
}
