// Names of formats as a person reads them.

const NAMES = new Map([
  ["graph-sign-in", "Sign-ins, Graph beta"],
  ["graph-sign-in-v1", "Sign-ins, Graph v1.0"],
  ["graph-directory-audit", "Audit log, Graph"],
  ["azure-monitor", "Azure Monitor records"],
  ["log-analytics-sign-in", "Sign-ins, Log Analytics"],
  ["log-analytics-audit", "Audit log, Log Analytics"],
  ["portal-sign-in-csv", "Sign-ins, admin center CSV"],
  ["other-tables", "Known tables that are not used"],
  ["unknown", "Not a log Sleuth knows"],
]);

/** A format, or several joined by `+`. */
export const formatName = (format: string): string =>
  format
    .split("+")
    .map((one) => NAMES.get(one) ?? one)
    .join(", ");
