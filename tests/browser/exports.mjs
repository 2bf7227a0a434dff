// The tenant's records in the other shapes that analysts drop: the admin center's table, a workbook of it,
// a collector's folder.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { ndjson } from "./tenant.mjs";

/** Columns of the admin center's download that the tests need, and what a record has in each. */
const COLUMNS = [
  ["Date (UTC)", (record) => record.createdDateTime],
  ["Request ID", (record) => record.id],
  ["User agent", (record) => record.userAgent],
  ["Correlation ID", (record) => record.correlationId],
  ["User ID", (record) => record.userId],
  ["User", (record) => record.userPrincipalName],
  ["Username", (record) => record.userPrincipalName],
  ["User type", () => "Member"],
  ["Incoming token type", (record) => (record.incomingTokenType === "none" ? "None" : "Refresh token")],
  ["Authentication Protocol", () => "None"],
  ["Unique token identifier", (record) => record.uniqueTokenIdentifier],
  ["Original transfer method", () => "None"],
  ["Application", (record) => record.appDisplayName],
  ["Application ID ", (record) => record.appId],
  ["Resource", (record) => record.resourceDisplayName],
  ["Resource ID ", (record) => record.resourceId],
  ["Resource tenant ID", (record) => record.resourceTenantId],
  ["Home tenant ID", (record) => record.homeTenantId],
  ["IP address", (record) => record.ipAddress],
  ["Location", (record) => `${record.location.city}, ${record.location.city}, ${record.location.countryOrRegion}`],
  ["Status", () => "Success"],
  ["Sign-in error code", () => ""],
  ["Failure reason", () => "Other."],
  ["Client app", () => "Mobile Apps and Desktop clients"],
  ["Device ID", (record) => record.deviceDetail.deviceId],
  ["Browser", (record) => record.deviceDetail.browser],
  ["Operating System", (record) => record.deviceDetail.operatingSystem],
  ["Compliant", (record) => (record.deviceDetail.isCompliant ? "Yes" : "No")],
  ["Managed", (record) => (record.deviceDetail.isManaged ? "Yes" : "No")],
  ["Authentication requirement", () => "Multifactor authentication"],
  ["Session ID", (record) => record.sessionId],
  ["Autonomous system  number", (record) => String(record.autonomousSystemNumber)],
  ["Conditional Access", () => "Success"],
];

/** The table: its header and a row a record. */
export const table = (records) => [COLUMNS.map(([name]) => name), ...records.map((record) => COLUMNS.map(([, of]) => of(record)))];

/** What Log Analytics shows in its portal in a local time, `east` minutes ahead of UTC, saved as CSV. */
export function localTable(records, east) {
  const local = (time) => new Date(Date.parse(time) + east * 60_000).toISOString().slice(0, 19).replace("T", " ");
  const columns = [
    ["CreatedDateTime [Local Time]", (record) => local(record.createdDateTime)],
    ["TimeGenerated [Local Time]", (record) => local(record.createdDateTime)],
    ["Id", (record) => record.id],
    ["Type", (record) => (record.isInteractive ? "SigninLogs" : "AADNonInteractiveUserSignInLogs")],
    ["ResultType", () => "0"],
    ["UserPrincipalName", (record) => record.userPrincipalName],
    ["UserId", (record) => record.userId],
    ["AppDisplayName", (record) => record.appDisplayName],
    ["AppId", (record) => record.appId],
    ["ResourceDisplayName", (record) => record.resourceDisplayName],
    ["ResourceIdentity", (record) => record.resourceId],
    ["IPAddress", (record) => record.ipAddress],
    ["AutonomousSystemNumber", (record) => String(record.autonomousSystemNumber)],
    ["UserAgent", (record) => record.userAgent],
    ["IncomingTokenType", (record) => record.incomingTokenType],
    ["SessionId", (record) => record.sessionId],
    ["UniqueTokenIdentifier", (record) => record.uniqueTokenIdentifier],
    ["CorrelationId", (record) => record.correlationId],
    ["LocationDetails", (record) => JSON.stringify(record.location)],
    ["DeviceDetail", (record) => JSON.stringify(record.deviceDetail)],
    ["HomeTenantId", (record) => record.homeTenantId],
    ["ResourceTenantId", (record) => record.resourceTenantId],
    ["AADTenantId", (record) => record.resourceTenantId],
  ];
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  const rows = [columns.map(([name]) => name), ...records.map((record) => columns.map(([, of]) => of(record)))];
  return rows.map((row) => `${row.map(quoted).join(",")}\n`).join("");
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A workbook with this table in one sheet. */
export function workbook(rows) {
  const cells = (row) => row.map((text) => `<c t="inlineStr"><is><t>${escaped(text)}</t></is></c>`).join("");
  const sheet = rows.map((row, number) => `<row r="${number + 1}">${cells(row)}</row>`).join("");
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const relations = "http://schemas.openxmlformats.org/package/2006/relationships";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const types = "http://schemas.openxmlformats.org/package/2006/content-types";
  const spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  return zip({
    "[Content_Types].xml": `<Types xmlns="${types}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${spreadsheet}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${spreadsheet}.worksheet+xml"/></Types>`,
    "_rels/.rels": `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Sign-ins" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    "xl/worksheets/sheet1.xml": `<worksheet xmlns="${main}"><sheetData>${sheet}</sheetData></worksheet>`,
  });
}

function crc(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/** An archive whose files are stored as they are. */
export function zip(files) {
  const parts = [];
  const entries = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path);
    const bytes = Buffer.from(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc(bytes), 10);
    fields.writeUInt32LE(bytes.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), fields, name, bytes]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), fields, place, name]));
    parts.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, directory, Buffer.from("PK\u0005\u0006", "latin1"), end]);
}

/** What a collector leaves behind: a folder a source, files a day, and a log of its own. */
export function collected(folder, records) {
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const day of new Set(records.map((record) => record.createdDateTime.slice(0, 10)))) {
    const own = records.filter((record) => record.createdDateTime.startsWith(day));
    write(`Output/SignInLogs/${day}/SignInLogs.ndjson`, ndjson(own));
  }
  write("Output/collector.log", "2026-11-13 08:00:00 INFO done\n");
  return folder;
}
