// Parses each KQL twin and binds it to the real schemas of its tables, by Microsoft's own language
// service: what Sentinel and Azure Data Explorer would refuse is refused here.
//
//     node tests/kql/bind.mjs
//
// A check that cannot fail is none: each twin is also bound to schemas that lack one of the columns it
// reads, each in turn, and one of its tables. That must be refused.

import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const twins = join(here, "..", "..", "src", "detections");
// Tables that the generator writes, and tables that only fixtures have rows of.
const schema = Object.assign({}, ...["schema.json", "schema-bound.json"].map((name) => JSON.parse(readFileSync(join(here, name), "utf8"))));

const require = createRequire(import.meta.url);
require("@kusto/language-service-next/bridge.min.js");
require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
const { GlobalState, KustoCode, Symbols, Syntax } = globalThis.Kusto.Language;

/** The tables, but for one, or for one column of all. */
function database(without = {}) {
  const tables = Object.entries(schema)
    .filter(([table]) => table !== without.table)
    .map(([table, columns]) => {
      const kept = Object.entries(columns).filter(([column]) => column !== without.column);
      return Symbols.TableSymbol.From(`(${kept.map(([column, type]) => `['${column}']: ${type}`).join(", ")})`).WithName(table);
    });
  return { tables, globals: GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1("Sentinel", tables, false)) };
}

/** What the language service holds against a query, with the place of each. */
function complaints(text, { globals, tables }) {
  const code = KustoCode.ParseAndAnalyze(text, globals);
  const found = [];
  const diagnostics = code.GetDiagnostics();
  for (let index = 0; index < diagnostics.Count; index += 1) {
    const diagnostic = diagnostics.getItem(index);
    const line = text.slice(0, diagnostic.Start).split("\n").length;
    found.push(`line ${line}: ${diagnostic.Severity} ${diagnostic.Code} ${diagnostic.Message}`);
  }
  const read = new Set();
  const tableOf = new Map(tables.flatMap((table) => Array.from({ length: table.Columns.Count }, (_, index) => [table.Columns.getItem(index), table.Name])));
  Syntax.SyntaxElement.WalkNodes(code.Syntax, (node) => {
    if (tableOf.has(node.ReferencedSymbol)) read.add(node.ReferencedSymbol.Name);
  });
  return { found, read, columns: code.ResultType?.Columns?.Count ?? 0 };
}

let [passed, failed] = [0, 0];
function fail(words) {
  failed += 1;
  console.log(`FAILED ${words}`);
}

const files = readdirSync(twins).filter((name) => name.endsWith(".kql")).sort();
if (files.length === 0) fail(`no twins in ${twins}`);
for (const name of files) {
  const text = readFileSync(join(twins, name), "utf8");
  const before = failed;
  const { found, read, columns } = complaints(text, database());
  for (const complaint of found) fail(`${name}: ${complaint}`);
  if (columns === 0) fail(`${name}: it gives no columns`);
  const tables = Object.keys(schema).filter((table) => new RegExp(`^\\s*\\(?${table}$`, "m").test(text));
  if (tables.length === 0 || read.size === 0) fail(`${name}: it reads no table`);
  for (const column of read) {
    if (complaints(text, database({ column })).found.length === 0) fail(`${name}: without ${column} nothing is refused`);
  }
  for (const table of tables) {
    if (complaints(text, database({ table })).found.length === 0) fail(`${name}: without ${table} nothing is refused`);
  }
  if (failed > before) continue;
  console.log(`${name}: reads ${read.size} columns of ${tables.join(", ")}, gives ${columns}; each missing one is refused`);
  passed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
