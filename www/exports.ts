// Which exports to make, in the order of what they show, and how; and what formats are called.
// Generated from src/formats/export.rs. To write it anew: WRITE_TYPES=1 cargo test --lib typescript

import type { RecordKind } from "./model";

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

export const GUIDES: ExportGuide[] = [
  {
    kind: "interactive",
    name: "Interactive sign-ins",
    shows: "needed",
    needed: true,
    path: "Entra admin center › Monitoring & health › Sign-in logs › User sign-ins (interactive) › Download › JSON",
    steps: ["Open entra.microsoft.com, Monitoring & health, Sign-in logs.","Choose the tab User sign-ins (interactive) and the time, the same for all exports.","Download, JSON. A download stops at about 250,000 rows: take shorter times if it is full.","Drop the file on this page."],
    needs: "Role Reports Reader or Security Reader. Sign-in logs are kept 30 days with Entra ID P1 or P2, 7 days without.",
    powershell: "Connect-MgGraph -Scopes AuditLog.Read.All\nGet-MgBetaAuditLogSignIn -All -Filter \"signInEventTypes/any(t: t eq 'interactiveUser')\" |\n  ForEach-Object { $_ | ConvertTo-Json -Depth 9 -Compress } |\n  Set-Content interactive-sign-ins.ndjson -Encoding utf8",
  },
  {
    kind: "non-interactive",
    name: "Non-interactive sign-ins",
    shows: "needed",
    needed: true,
    path: "Entra admin center › Monitoring & health › Sign-in logs › User sign-ins (non-interactive) › Download › JSON. Most stolen tokens show up only here.",
    steps: ["Open entra.microsoft.com, Monitoring & health, Sign-in logs.","Choose the tab User sign-ins (non-interactive) and the time, the same for all exports.","Download, JSON. A download stops at about 250,000 rows: take shorter times if it is full.","Drop the file on this page."],
    needs: "Role Reports Reader or Security Reader. Sign-in logs are kept 30 days with Entra ID P1 or P2, 7 days without.",
    powershell: "Connect-MgGraph -Scopes AuditLog.Read.All\nGet-MgBetaAuditLogSignIn -All -Filter \"signInEventTypes/any(t: t eq 'nonInteractiveUser')\" |\n  ForEach-Object { $_ | ConvertTo-Json -Depth 9 -Compress } |\n  Set-Content non-interactive-sign-ins.ndjson -Encoding utf8",
  },
  {
    kind: "directory",
    name: "Audit log",
    shows: "shows devices and methods registered",
    needed: false,
    path: "Entra admin center › Monitoring & health › Audit logs › Download › JSON",
    steps: ["Open entra.microsoft.com, Monitoring & health, Audit logs.","Choose the time, the same for all exports.","Download, JSON. A download stops at about 250,000 rows: take shorter times if it is full.","Drop the file on this page."],
    needs: "Role Reports Reader or Security Reader. Audit logs are kept 30 days with Entra ID P1 or P2, 7 days without.",
    powershell: "Connect-MgGraph -Scopes AuditLog.Read.All\nGet-MgAuditLogDirectoryAudit -All |\n  ForEach-Object { $_ | ConvertTo-Json -Depth 9 -Compress } |\n  Set-Content directory-audit-log.ndjson -Encoding utf8",
  },
  {
    kind: "service-principal",
    name: "Service principals",
    shows: "applications",
    needed: false,
    path: "Entra admin center › Monitoring & health › Sign-in logs › Service principal sign-ins › Download › JSON",
    steps: ["Open entra.microsoft.com, Monitoring & health, Sign-in logs.","Choose the tab Service principal sign-ins and the time, the same for all exports.","Download, JSON. A download stops at about 250,000 rows: take shorter times if it is full.","Drop the file on this page."],
    needs: "Role Reports Reader or Security Reader. Sign-in logs are kept 30 days with Entra ID P1 or P2, 7 days without.",
    powershell: "Connect-MgGraph -Scopes AuditLog.Read.All\nGet-MgBetaAuditLogSignIn -All -Filter \"signInEventTypes/any(t: t eq 'servicePrincipal')\" |\n  ForEach-Object { $_ | ConvertTo-Json -Depth 9 -Compress } |\n  Set-Content service-principal-sign-ins.ndjson -Encoding utf8",
  },
  {
    kind: "managed-identity",
    name: "Managed identities",
    shows: "applications in Azure",
    needed: false,
    path: "Entra admin center › Monitoring & health › Sign-in logs › Managed identity sign-ins › Download › JSON",
    steps: ["Open entra.microsoft.com, Monitoring & health, Sign-in logs.","Choose the tab Managed identity sign-ins and the time, the same for all exports.","Download, JSON. A download stops at about 250,000 rows: take shorter times if it is full.","Drop the file on this page."],
    needs: "Role Reports Reader or Security Reader. Sign-in logs are kept 30 days with Entra ID P1 or P2, 7 days without.",
    powershell: "Connect-MgGraph -Scopes AuditLog.Read.All\nGet-MgBetaAuditLogSignIn -All -Filter \"signInEventTypes/any(t: t eq 'managedIdentity')\" |\n  ForEach-Object { $_ | ConvertTo-Json -Depth 9 -Compress } |\n  Set-Content managed-identity-sign-ins.ndjson -Encoding utf8",
  },
];

/** Exports from elsewhere. */
export const FURTHER: { name: string; path: string; shows: string }[] = [
  {"name":"Unified audit log","path":"Purview portal › Audit › Search › Export","shows":"mail, files, Teams"},
  {"name":"Risk detections","path":"Graph › GET /v1.0/identityProtection/riskDetections, and of applications GET /v1.0/identityProtection/servicePrincipalRiskDetections","shows":"what Microsoft noticed"},
];

export const POWERSHELL = "Connect-MgGraph -Scopes AuditLog.Read.All\nGet-MgBetaAuditLogSignIn -All -Filter \"signInEventTypes/any(t: t eq 'interactiveUser' or t eq 'nonInteractiveUser')\" |\n  ForEach-Object { $_ | ConvertTo-Json -Depth 9 -Compress } |\n  Set-Content sign-ins.ndjson -Encoding utf8";

/** What a person calls a format. */
export const FORMATS: [string, string][] = [
  ["azure-monitor", "Sign-ins and audit log, diagnostic setting"],
  ["portal-authentication-details-csv", "Authentication details, admin center CSV"],
  ["azure-monitor-graph-activity", "Calls of Microsoft Graph, diagnostic setting"],
  ["azure-monitor-risk", "Risk, diagnostic setting"],
  ["portal-sign-in-csv", "Sign-ins, admin center CSV"],
  ["portal-audit-csv", "Audit log, admin center CSV"],
  ["analyzer-suite-sign-in-csv", "Sign-ins, CSV of Microsoft-Analyzer-Suite"],
  ["analyzer-suite-audit-csv", "Audit log, CSV of Microsoft-Analyzer-Suite"],
  ["script-sign-in-csv", "Sign-ins, CSV of scripts that go about"],
  ["log-analytics-audit", "Audit log, Log Analytics or Sentinel"],
  ["log-analytics-sign-in", "Sign-ins, Log Analytics or Sentinel"],
  ["powershell-sign-in", "Sign-ins, PowerShell beta"],
  ["powershell-sign-in-v1", "Sign-ins, PowerShell v1.0 or Hawk"],
  ["powershell-directory-audit", "Audit log, PowerShell"],
  ["graph-sign-in", "Sign-ins, admin center JSON or Graph beta"],
  ["graph-sign-in-v1", "Sign-ins, Graph v1.0"],
  ["graph-directory-audit", "Audit log, admin center JSON or Graph"],
  ["graph-risk", "Risk, Graph, Log Analytics or Sentinel"],
  ["azure-ad-graph-sign-in", "Sign-ins, Azure AD Graph, or Splunk's ms:aad:signin"],
  ["azure-ad-graph-audit", "Audit log, Azure AD Graph, or Splunk's ms:aad:audit"],
  ["graph-activity", "Calls of Microsoft Graph, Log Analytics, Sentinel or Defender"],
  ["office-activity", "Acts in mailboxes and files, OfficeActivity of Log Analytics or Sentinel"],
  ["defender-sign-in", "Sign-ins, Defender advanced hunting"],
  ["splunk-unified-audit-log", "Unified audit log, fields of Splunk"],
  ["unified-audit-log", "Unified audit log, Purview, Search-UnifiedAuditLog, Graph query, Management API or CloudAppEvents"],
  ["cloud-app-events", "Cloud app events, Defender"],
  ["splunk-graph-activity", "Calls of Microsoft Graph, fields of Splunk"],
  ["splunk-azure-monitor", "Sign-ins and audit log, fields of Splunk"],
  ["splunk-graph-sign-in", "Sign-ins of Graph, fields of Splunk"],
  ["splunk-directory-audit", "Audit log of Graph, fields of Splunk"],
  ["elastic-sign-in", "Sign-ins, Elastic"],
  ["elastic-audit", "Audit log, Elastic"],
  ["elastic-risk", "Risk, Elastic"],
  ["elastic-graph-activity", "Calls of Microsoft Graph, Elastic"],
  ["elastic-unified-audit-log", "Unified audit log, Elastic"],
  ["named-location", "Named locations, Graph"],
  ["identity-info", "Users, IdentityInfo of Log Analytics, Sentinel or Defender"],
  ["role-assignment", "Role assignments, Graph"],
  ["directory-role", "Directory roles, Graph"],
  ["known-good-list", "Known-good networks, list"],
  ["tor-list", "Exits of Tor, list"],
  ["vpn-list", "Exits of VPN services, list"],
  ["proxy-list", "Proxies, list"],
  ["hosting-list", "Hosting networks, list"],
  ["relay-list", "Relays, list"],
  ["user-list", "Users and what they are, list"],
  ["ip-database", "Database of addresses, MaxMind format"],
];
