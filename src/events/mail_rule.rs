//! A rule of an inbox, as a cmdlet or as Outlook tells it.
//!
//! Cmdlets (`New-InboxRule`, `Set-InboxRule`) have a parameter for each action and condition. Outlook's
//! `UpdateInboxRules` has them as text or JSON in `RuleActions`, `RuleCondition` and `ServerRule`; of a rule that
//! was only changed (`ModifyMailboxRule`) it often has nothing but the id.

use super::parameters::{Parameters, addresses};

/// What was done to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was made, changed or switched on.
    Made,
    /// It was removed or switched off.
    Removed,
}

/// A rule of an inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRule {
    /// What was done to it.
    pub change: Change,
    /// Its name; empty where the record has none.
    pub name: String,
    /// Whether it deletes mail.
    pub deletes: bool,
    /// Whether it marks mail as read.
    pub marks_read: bool,
    /// Whether no other rule runs after it.
    pub stops: bool,
    /// Name of the folder that it moves mail to.
    pub folder: Option<String>,
    /// Whether it forwards or redirects mail.
    pub forwards: bool,
    /// Addresses that it forwards or redirects to, lower-case.
    pub targets: Vec<String>,
    /// Words and addresses that its conditions ask for.
    pub words: Vec<String>,
    /// Whether it has any condition.
    pub has_condition: bool,
    /// Whether the record says what the rule does.
    pub is_told: bool,
    /// Whether the record has the rule as a whole: of one that was changed a cmdlet names only what changed.
    pub is_whole: bool,
}

/// Parameters that forward.
const FORWARD: [&str; 3] = ["ForwardTo", "ForwardAsAttachmentTo", "RedirectTo"];
/// Parameters with words or addresses of conditions.
const WORDS: [&str; 7] = [
    "SubjectContainsWords",
    "BodyContainsWords",
    "SubjectOrBodyContainsWords",
    "FromAddressContainsWords",
    "From",
    "HeaderContainsWords",
    "RecipientAddressContainsWords",
];
/// Beginnings of parameters that are neither action nor condition.
const NEITHER: [&str; 22] = [
    "Name",
    "Identity",
    "Mailbox",
    "Force",
    "AlwaysDelete",
    "Confirm",
    "Priority",
    "StopProcessing",
    "MarkAsRead",
    "MarkImportance",
    "DeleteMessage",
    "SoftDelete",
    "MoveTo",
    "CopyTo",
    "ForwardTo",
    "ForwardAs",
    "RedirectTo",
    "SendText",
    "Apply",
    "Pin",
    "ExceptIf",
    "Enabled",
];

impl MailRule {
    /// The rule that an act made, changed or removed; nothing where the act is about no rule.
    #[must_use]
    pub fn read(operation: &str, object: &str, parameters: &Parameters) -> Option<Self> {
        let is = |names: &[&str]| names.iter().any(|name| operation.eq_ignore_ascii_case(name));
        let outlook = is(&["UpdateInboxRules"]);
        let word = parameters.get("RuleOperation").unwrap_or_default().to_ascii_lowercase();
        let removed =
            is(&["Remove-InboxRule", "Disable-InboxRule"]) || word.contains("remove") || word.contains("delete");
        if !outlook && !removed && !is(&["New-InboxRule", "Set-InboxRule", "Enable-InboxRule"]) {
            return None;
        }
        let mut rule = Self {
            change: if removed { Change::Removed } else { Change::Made },
            name: name(object, parameters, outlook),
            deletes: false,
            marks_read: false,
            stops: false,
            folder: None,
            forwards: false,
            targets: Vec::new(),
            words: Vec::new(),
            has_condition: false,
            is_told: false,
            is_whole: is(&["New-InboxRule"])
                || parameters.pairs().any(|(name, _)| name.eq_ignore_ascii_case("RuleCondition")),
        };
        if outlook {
            rule.of_outlook(parameters)
        } else {
            rule.of_cmdlet(parameters)
        }
        rule.is_told = rule.deletes || rule.marks_read || rule.stops || rule.folder.is_some() || rule.forwards;
        Some(rule)
    }

    fn of_cmdlet(&mut self, parameters: &Parameters) {
        let on = |name: &str| parameters.switch(name) == Some(true);
        self.deletes = on("DeleteMessage") || on("SoftDeleteMessage");
        self.marks_read = on("MarkAsRead");
        self.stops = on("StopProcessingRules");
        let folder = parameters.get("MoveToFolder");
        self.folder = folder.map(|folder| last(folder).to_owned()).filter(|folder| !folder.is_empty());
        for value in FORWARD.iter().filter_map(|name| parameters.get(name)) {
            self.forwards = true;
            self.targets.extend(addresses(value));
        }
        for (name, value) in parameters.pairs().filter(|(_, value)| !value.is_empty()) {
            if WORDS.iter().any(|word| name.eq_ignore_ascii_case(word)) {
                let words = value.split(';').map(|word| word.trim().to_owned());
                self.words.extend(words.filter(|word| !word.is_empty()));
            }
            let neither = NEITHER
                .iter()
                .any(|start| name.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)));
            self.has_condition |= !neither && !name.is_empty() && !value.eq_ignore_ascii_case("false");
        }
    }

    fn of_outlook(&mut self, parameters: &Parameters) {
        let text = |names: &[&str]| names.iter().flat_map(|name| parameters.all(name)).collect::<Vec<_>>().join("\n");
        // Some records have the actions as values of their own: `ForwardToRecipientsAction`.
        let own = parameters.pairs().map(|(_, value)| value).filter(|value| value.ends_with("Action"));
        let actions =
            format!("{}\n{}", text(&["RuleActions", "Actions", "ServerRule"]), own.collect::<Vec<_>>().join("\n"));
        let lower = actions.to_ascii_lowercase();
        let has = |word: &str| lower.contains(word);
        self.deletes = has("delete");
        self.marks_read = has("markasread") || has("mark as read");
        self.stops = has("stopprocessing");
        self.forwards = has("forward") || has("redirect");
        if self.forwards {
            self.targets = addresses(&actions);
        }
        self.folder = folder_in(&actions);
        let condition = text(&["RuleCondition", "RuleConditions", "Conditions"]);
        let plain = condition.trim();
        self.has_condition = !matches!(plain, "" | "{}" | "[]" | "null");
        if self.has_condition {
            self.words.push(plain.to_owned());
        }
    }
}

/// The name of a rule: as the record says, else what stands behind the mailbox in its path.
fn name(object: &str, parameters: &Parameters, outlook: bool) -> String {
    let said =
        if outlook { parameters.get("RuleName").or_else(|| parameters.get("Name")) } else { parameters.get("Name") };
    let path = [Some(object), parameters.get("Identity")].into_iter().flatten();
    let mut behind = path.filter_map(|path| path.rsplit_once('\\')).map(|(_, name)| name.trim());
    said.map(str::to_owned).or_else(|| behind.find(|name| !name.is_empty()).map(str::to_owned)).unwrap_or_default()
}

/// The last part of a folder's path: `alice:\RSS Feeds`, `\Inbox\Old`, `Junk Email`.
fn last(path: &str) -> &str {
    path.rsplit(['\\', '/', ':']).find(|part| !part.trim().is_empty()).unwrap_or_default().trim()
}

/// The folder that actions name, as JSON or as `Move to folder: X`.
fn folder_in(actions: &str) -> Option<String> {
    let named = |value: &serde_json::Value| -> Option<String> {
        const KEYS: [&str; 4] = ["FolderName", "MoveToFolder", "Folder", "DestinationFolder"];
        let entries = match value {
            serde_json::Value::Array(list) => list.as_slice(),
            other => std::slice::from_ref(other),
        };
        entries.iter().find_map(|entry| {
            let text = KEYS.iter().find_map(|key| entry.get(key)?.as_str())?;
            Some(last(text).to_owned())
        })
    };
    actions.lines().find_map(|line| {
        serde_json::from_str(line).ok().as_ref().and_then(named).or_else(|| {
            // `get` and not a slice: the lower-case text may be shorter or longer than the line.
            let at = line.to_ascii_lowercase().find("folder")?;
            let rest = line.get(at..)?.split_once([':', '\'', '"'])?.1;
            let text = rest.trim_matches([' ', ':', '"', '\'', ']', '}']);
            let text = text.split(['"', '\'', ',', ';']).next().unwrap_or_default();
            Some(last(text).to_owned()).filter(|text| !text.is_empty())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(operation: &str, object: &str, pairs: &[[&str; 2]]) -> MailRule {
        let text = serde_json::to_string(pairs).expect("JSON");
        MailRule::read(operation, object, &Parameters::read(&text)).expect("a rule")
    }

    #[test]
    fn a_cmdlet_tells_actions_and_conditions() {
        let rule = read(
            "New-InboxRule",
            "EURPR01A/Exchange Hosted/contoso.example/ada\\..",
            &[
                ["Force", "False"],
                ["MoveToFolder", "ada:\\RSS Feeds"],
                ["MarkAsRead", "True"],
                ["SubjectOrBodyContainsWords", "invoice;Rechnung "],
                ["ForwardTo", "\"Eve\" [SMTP:Eve@evil.example]"],
            ],
        );
        assert_eq!(rule.name, "..");
        assert_eq!(rule.folder.as_deref(), Some("RSS Feeds"));
        assert_eq!(rule.words, ["invoice", "Rechnung"]);
        assert_eq!(rule.targets, ["eve@evil.example"]);
        assert!(rule.marks_read && rule.has_condition && rule.forwards && !rule.deletes && !rule.stops);
        let all = read(
            "Set-InboxRule",
            "",
            &[["Identity", "ada\\x"], ["DeleteMessage", "True"], ["StopProcessingRules", "True"]],
        );
        assert!(all.deletes && all.stops && !all.has_condition);
        assert_eq!((all.name.as_str(), all.change), ("x", Change::Made));
        assert_eq!(read("Remove-InboxRule", "a\\b", &[]).change, Change::Removed);
    }

    #[test]
    fn outlook_tells_them_as_text_or_json() {
        let rule = read(
            "UpdateInboxRules",
            "",
            &[
                ["RuleOperation", "AddMailboxRule"],
                ["RuleName", "."],
                ["RuleCondition", "SubjectContains: invoice"],
                [
                    "RuleActions",
                    r#"[{"ActionType":"ForwardToRecipientsAction","Recipients":["drop@evil.example"]},{"ActionType":"DeleteAction"}]"#,
                ],
            ],
        );
        assert_eq!((rule.name.as_str(), rule.targets.as_slice()), (".", &["drop@evil.example".to_owned()][..]));
        assert!(rule.deletes && rule.forwards && rule.has_condition);
        let moved = read(
            "UpdateInboxRules",
            "",
            &[
                ["RuleOperation", "AddMailboxRule"],
                ["RuleActions", r#"[{"ActionType":"MoveToFolderAction","FolderName":"RSS Feeds"}]"#],
            ],
        );
        assert_eq!((moved.folder.as_deref(), moved.has_condition), (Some("RSS Feeds"), false));
        let text = read("UpdateInboxRules", "", &[["RuleActions", "Move to folder: Junk Email"]]);
        assert_eq!(text.folder.as_deref(), Some("Junk Email"));
        // A rule that was only written anew tells nothing but its id.
        let touched = read(
            "UpdateInboxRules",
            "",
            &[["RuleOperation", "ModifyMailboxRule"], ["RuleCondition", "{}"], ["RuleActions", "[]"]],
        );
        assert!(!touched.is_told && !touched.has_condition);
        let gone = read("UpdateInboxRules", "", &[["RuleOperation", "RemoveMailboxRule"], ["RuleName", "."]]);
        assert_eq!(gone.change, Change::Removed);
    }

    #[test]
    fn other_acts_are_about_no_rule() {
        assert_eq!(MailRule::read("Set-Mailbox", "", &Parameters::default()), None);
        assert_eq!(MailRule::read("FileDownloaded", "", &Parameters::default()), None);
    }
}
