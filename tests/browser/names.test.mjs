// Every format that the core reads has a name in the page.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("every format has a name that a person reads", async () => {
  const folder = `${root}src/formats`;
  const sources = readdirSync(folder).filter((name) => name.endsWith(".rs") && !name.includes("test"));
  const formats = sources.flatMap((name) =>
    [...readFileSync(`${folder}/${name}`, "utf8").matchAll(/^ {4}name: "([a-z0-9-]+)",$/gm)].map(([, format]) => format),
  );
  assert.ok(formats.length >= 10, `only ${formats}`);
  const built = buildSync({ entryPoints: [`${root}www/places/reading/formats.ts`], write: false, format: "esm" });
  const { formatName } = await import(`data:text/javascript,${encodeURIComponent(built.outputFiles[0].text)}`);
  assert.deepEqual(formats.filter((format) => formatName(format) === format), []);
});
