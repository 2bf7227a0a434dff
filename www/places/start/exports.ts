// Which exports to make, in the order of what they show, and how.

import type { RecordKind } from "../../model";

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

const SIGN_INS = (type: string, file: string) => `Connect-MgGraph -Scopes AuditLog.Read.All
$f = "signInEventTypes/any(t: t eq '${type}')"
Get-MgBetaAuditLogSignIn -All -Filter $f |
  ForEach-Object { $_ | ConvertTo-Json -Depth 9 -Compress } |
  Set-Content ${file} -Encoding utf8`;

const ROLE = "Role Reports Reader or Security Reader. Sign-in logs are kept 30 days with Entra ID P1 or P2, 7 days without.";

export const GUIDES: ExportGuide[] = [
  {
    kind: "interactive",
    name: "Interactive sign-ins",
    shows: "needed",
    needed: true,
    path: "Entra admin center, Monitoring, Sign-in logs, User sign-ins (interactive), Download, JSON",
    steps: [
      "Open entra.microsoft.com, Monitoring & health, Sign-in logs.",
      "Choose the tab User sign-ins (interactive) and the time.",
      "Download, JSON. A download stops at about 250,000 rows: take shorter times if it is full.",
      "Drop the file on this page.",
    ],
    needs: ROLE,
    powershell: SIGN_INS("interactiveUser", "interactive.ndjson"),
  },
  {
    kind: "non-interactive",
    name: "Non-interactive sign-ins",
    shows: "needed",
    needed: true,
    path: "Same page, tab User sign-ins (non-interactive). Most stolen tokens show up only here.",
    steps: [
      "Open entra.microsoft.com, Monitoring & health, Sign-in logs.",
      "Choose the tab User sign-ins (non-interactive) and the same time as for the interactive ones.",
      "Download, JSON. There are many: take days one by one, or PowerShell.",
      "Drop the files on this page, all at once.",
    ],
    needs: ROLE,
    powershell: SIGN_INS("nonInteractiveUser", "noninteractive.ndjson"),
  },
  {
    kind: "directory",
    name: "Audit log",
    shows: "shows devices and methods registered",
    needed: false,
    path: "Monitoring, Audit logs, Download, JSON",
    steps: [
      "Open entra.microsoft.com, Monitoring & health, Audit logs.",
      "Choose the same time.",
      "Download, JSON.",
      "Drop the file on this page.",
    ],
    needs: "Role Reports Reader or Security Reader. Audit logs are kept 30 days with Entra ID P1 or P2, 7 days without.",
    powershell: `Connect-MgGraph -Scopes AuditLog.Read.All
Get-MgAuditLogDirectoryAudit -All |
  ForEach-Object { $_ | ConvertTo-Json -Depth 9 -Compress } |
  Set-Content audit.ndjson -Encoding utf8`,
  },
  {
    kind: "service-principal",
    name: "Service principals",
    shows: "applications",
    needed: false,
    path: "Sign-in logs, tab Service principal sign-ins, Download, JSON",
    steps: [
      "Open entra.microsoft.com, Monitoring & health, Sign-in logs.",
      "Choose the tab Service principal sign-ins and the same time.",
      "Download, JSON.",
      "Drop the file on this page.",
    ],
    needs: ROLE,
    powershell: SIGN_INS("servicePrincipal", "service-principals.ndjson"),
  },
  {
    kind: "managed-identity",
    name: "Managed identities",
    shows: "applications in Azure",
    needed: false,
    path: "Sign-in logs, tab Managed identity sign-ins, Download, JSON",
    steps: [
      "Open entra.microsoft.com, Monitoring & health, Sign-in logs.",
      "Choose the tab Managed identity sign-ins and the same time.",
      "Download, JSON.",
      "Drop the file on this page.",
    ],
    needs: ROLE,
    powershell: SIGN_INS("managedIdentity", "managed-identities.ndjson"),
  },
];

export const POWERSHELL = `Connect-MgGraph -Scopes AuditLog.Read.All
$f = "signInEventTypes/any(t: t eq 'interactiveUser' " +
     "or t eq 'nonInteractiveUser')"
Get-MgBetaAuditLogSignIn -All -Filter $f |
  ForEach-Object { $_ | ConvertTo-Json -Depth 9 -Compress } |
  Set-Content signins.ndjson -Encoding utf8`;
