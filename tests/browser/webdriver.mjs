// Firefox and WebKit, each by what it brings itself: Firefox by its Marionette protocol, WebKitGTK by
// its WebDriver. Both know the same few commands.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The name under which WebDriver hands out elements. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
/** Milliseconds that a browser has for its start. */
const START = 60_000;

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asks until there is an answer. */
async function until(ask, what, patience = START) {
  for (const end = performance.now() + patience; performance.now() < end; await wait(50)) {
    const answer = await ask();
    if (answer) return answer;
  }
  throw new Error(`${what}: nothing within ${patience / 1000} s`);
}

/** A browser with one tab. `send` carries a command; `end` ends every program that was started. */
class Driven {
  constructor(send, end) {
    this.send = send;
    this.close = end;
  }

  goto = (url) => this.send("navigate", { url });

  /** The value of a function that is given only what JSON holds. */
  evaluate = (run, ...args) => this.send("execute", { script: `return (${run})(...arguments)`, args });

  /** Waits until a function gives a value that counts as true. */
  waitFor = (run, ...args) => until(() => this.evaluate(run, ...args), String(run), 30_000);

  /** Chooses a file as its picker does. */
  async choose(css, path) {
    const element = await this.send("find", { using: "css selector", value: css });
    await this.send("type", { id: element[ELEMENT], text: path });
  }
}

export async function firefox(program) {
  const profile = mkdtempSync(join(tmpdir(), "sleuth-firefox-"));
  const settings = {
    "marionette.port": 0,
    "app.update.enabled": false,
    "browser.shell.checkDefaultBrowser": false,
    "datareporting.policy.dataSubmissionEnabled": false,
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
  };
  const lines = Object.entries(settings).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
  writeFileSync(join(profile, "user.js"), lines.join(""));
  const started = start(program, ["--marionette", "--headless", "--no-remote", "--profile", profile], { MOZ_CRASHREPORTER_DISABLE: "1" });
  const end = async () => {
    await started.end();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const file = join(profile, "MarionetteActivePort");
    const port = await until(() => started.runs() && existsSync(file) && readFileSync(file, "utf8").trim(), "Firefox");
    const ask = await marionette(Number(port));
    await ask("WebDriver:NewSession", { capabilities: { alwaysMatch: {} } });
    const commands = {
      navigate: (given) => ask("WebDriver:Navigate", given),
      execute: ({ script, args }) => ask("WebDriver:ExecuteScript", { script, args, sandbox: null }),
      find: (given) => ask("WebDriver:FindElement", given),
      type: (given) => ask("WebDriver:ElementSendKeys", given),
    };
    return new Driven(async (command, given) => (await commands[command](given))?.value, end);
  } catch (error) {
    await end();
    throw error;
  }
}

/** Firefox's protocol: the length of a message, a colon, and `[0, id, command, parameters]` as JSON; its
 * answers are `[1, id, error, result]`. */
async function marionette(port) {
  const socket = connect(port, "127.0.0.1");
  const waiting = new Map();
  let bytes = Buffer.alloc(0);
  socket.on("data", (more) => {
    bytes = Buffer.concat([bytes, more]);
    for (let colon = bytes.indexOf(":"); colon > 0; colon = bytes.indexOf(":")) {
      const stop = colon + 1 + Number(bytes.subarray(0, colon));
      if (bytes.length < stop) return;
      const message = JSON.parse(bytes.subarray(colon + 1, stop));
      bytes = bytes.subarray(stop);
      // The first message is its greeting.
      if (!Array.isArray(message)) continue;
      const [, id, error, result] = message;
      if (error) waiting.get(id)?.reject(new Error(`${error.error}: ${error.message}`));
      else waiting.get(id)?.resolve(result);
      waiting.delete(id);
    }
  });
  const lost = () => {
    for (const { reject } of waiting.values()) reject(new Error("Firefox closed the connection"));
    waiting.clear();
  };
  socket.on("close", lost).on("error", lost);
  let next = 0;
  return (command, parameters) =>
    new Promise((resolve, reject) => {
      waiting.set(next, { resolve, reject });
      const text = JSON.stringify([0, next++, command, parameters]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
}

export async function webkit(program) {
  const browser = miniBrowser();
  if (browser === undefined) throw new Error("WebKitGTK's MiniBrowser is missing");
  // It shows windows and nothing else: they get a screen that nobody sees.
  const screen = start("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
  let driver;
  const end = async () => {
    await driver?.end();
    await screen.end();
  };
  try {
    const display = await until(() => screen.runs() && /^\d+(?=\n)/.exec(screen.said())?.[0], "Xvfb");
    const port = await freePort();
    driver = start(program, [`--port=${port}`], {
      DISPLAY: `:${display}`,
      GDK_BACKEND: "x11",
      // Its sandbox does not start for root.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
    });
    const request = async (method, path, body) => {
      const options = { method, body: body && JSON.stringify(body), headers: { "content-type": "application/json" } };
      const { value } = await (await fetch(`http://127.0.0.1:${port}${path}`, options)).json();
      if (value?.error) throw new Error(`${value.error}: ${value.message}`);
      return value;
    };
    await until(() => driver.runs() && request("GET", "/status").catch(() => null), "WebKitWebDriver");
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { binary: browser, args: ["--automation"] } } };
    const { sessionId } = await request("POST", "/session", { capabilities });
    const path = `/session/${sessionId}`;
    const commands = {
      navigate: (given) => request("POST", `${path}/url`, given),
      execute: (given) => request("POST", `${path}/execute/sync`, given),
      find: (given) => request("POST", `${path}/element`, given),
      type: ({ id, text }) => request("POST", `${path}/element/${id}/value`, { text }),
    };
    return new Driven(
      (command, given) => commands[command](given),
      async () => {
        await request("DELETE", path).catch(() => {});
        await end();
      },
    );
  } catch (error) {
    await end();
    throw error;
  }
}

/** The small browser that WebKitGTK brings for tests: `/usr/lib/<machine>/webkit2gtk-<version>/MiniBrowser`. */
function miniBrowser() {
  const below = (folder) => readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return below("/usr/lib")
    .filter(({ name }) => name.includes("-linux-gnu"))
    .flatMap(({ name: machine }) => below(join("/usr/lib", machine)).map(({ name }) => join("/usr/lib", machine, name, "MiniBrowser")))
    .find((path) => path.includes("webkit") && existsSync(path));
}

/** Starts a program in a group of its own, so that it ends with all that it started. */
function start(program, args, environment = {}) {
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  let said = "";
  let failed;
  child.stdout.setEncoding("utf8").on("data", (text) => (said += text));
  child.on("error", (error) => (failed = error));
  const ended = new Promise((resolve) => child.on("close", resolve).on("error", resolve));
  return {
    said: () => said,
    runs() {
      if (failed !== undefined) throw failed;
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
      return true;
    },
    async end() {
      try {
        process.kill(-child.pid, "SIGTERM");
      } catch {
        // It has ended.
      }
      await Promise.race([ended, wait(5000)]);
    },
  };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
