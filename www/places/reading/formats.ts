// Names of formats as a person reads them.

const NAMES = new Map([
  ["graph-sign-in", "Sign-ins, Graph beta"],
  ["graph-sign-in-v1", "Sign-ins, Graph v1.0"],
  ["graph-directory-audit", "Audit log, Graph"],
  ["graph-activity", "Graph activity"],
  ["graph-risk", "Risk events, Graph"],
  ["azure-monitor", "Azure Monitor records"],
  ["azure-monitor-graph-activity", "Graph activity, Azure Monitor"],
  ["azure-monitor-risk", "Risk events, Azure Monitor"],
  ["log-analytics-sign-in", "Sign-ins, Log Analytics"],
  ["log-analytics-audit", "Audit log, Log Analytics"],
  ["defender-sign-in", "Sign-ins, Defender"],
  ["office-activity", "Office activity, Log Analytics"],
  ["unified-audit-log", "Unified audit log"],
  ["elastic-sign-in", "Sign-ins, Elastic"],
  ["elastic-audit", "Audit log, Elastic"],
  ["elastic-risk", "Risk events, Elastic"],
  ["elastic-graph-activity", "Graph activity, Elastic"],
  ["elastic-unified-audit-log", "Unified audit log, Elastic"],
  ["splunk-azure-monitor", "Azure Monitor records, Splunk fields"],
  ["splunk-graph-activity", "Graph activity, Splunk fields"],
  ["splunk-graph-sign-in", "Sign-ins of Graph, Splunk fields"],
  ["splunk-directory-audit", "Audit log of Graph, Splunk fields"],
  ["portal-sign-in-csv", "Sign-ins, admin center CSV"],
  ["portal-audit-csv", "Audit log, admin center CSV"],
  ["portal-authentication-details-csv", "Authentication details, admin center CSV"],
  ["powershell-sign-in", "Sign-ins, PowerShell beta"],
  ["powershell-sign-in-v1", "Sign-ins, PowerShell v1.0"],
  ["powershell-directory-audit", "Audit log, PowerShell"],
  ["script-sign-in-csv", "Sign-ins, CSV of a script"],
  ["analyzer-suite-sign-in-csv", "Sign-ins, CSV of the analyzer suite"],
  ["analyzer-suite-audit-csv", "Audit log, CSV of the analyzer suite"],
  ["other-tables", "Known tables that are not used"],
  ["unknown", "Not a log Sleuth knows"],
]);

/** A format, or several joined by `+`. */
export const formatName = (format: string): string =>
  format
    .split("+")
    .map((one) => NAMES.get(one) ?? one)
    .join(", ");
