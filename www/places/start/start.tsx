// Start: what it is, where to drop, the promise, which exports to make.

import { Fragment } from "preact";
import { useEffect, useState } from "preact/hooks";

import { FURTHER, GUIDES, POWERSHELL } from "../../exports";
import { CopyButton } from "../../parts/copy";
import { chooseFiles, chooseFolder, pasteFromClipboard } from "../../parts/drop";
import { usePlaceFocus } from "../../parts/frame";
import { Lock, SeverityShape } from "../../parts/icons";
import { tryNow } from "../../parts/promise";
import { Kbd } from "../../parts/small";
import { commit, rust, version } from "../../proof/proof";
import { openSample } from "../../state/case";
import { engine } from "../../state/engine";
import { hash, learnHash } from "../../state/hash";
import { dialogue, useKeys } from "../../state/keys";

export function Start() {
  const focus = usePlaceFocus<HTMLElement>();
  const [pasted, setPasted] = useState("");
  const ready = engine.value !== null;
  useKeys(
    "place",
    [
      { key: "o", label: "choose files", run: chooseFiles, foot: true },
      { key: "s", label: "sample tenant", run: () => void openSample(), foot: true },
    ],
    [],
  );
  useEffect(learnHash, []);
  const paste = async () => {
    setPasted((await pasteFromClipboard()) ? "" : "The browser does not hand out the clipboard: press Ctrl V instead.");
  };
  return (
    <main class="start" tabIndex={-1} ref={focus}>
      <div class="start-main main" data-pane>
        <h1>Find the Entra ID sessions that were stolen, and the proof.</h1>
        <p class="lead">
          Drop the sign-in and audit exports of a tenant. Sleuth follows every session from its owner to whoever else held it, and says
          which changed hands, when, on what evidence, and what to do next.
        </p>
        <div class="drop">
          <span class="d1">Drop exports anywhere on this page</span>
          <span class="mid">CSV, Excel, JSON, NDJSON, zipped or gzipped too, many at once, whole folders</span>
          <span class="acts">
            <button type="button" class="btn pri big" onClick={chooseFiles} aria-disabled={!ready}>
              Choose files <Kbd keys={["o"]} />
            </button>
            <button type="button" class="btn big" onClick={chooseFolder} aria-disabled={!ready}>
              Choose a folder
            </button>
            <button type="button" class="btn big" onClick={paste} aria-disabled={!ready}>
              Paste <Kbd keys={["Ctrl", "V"]} />
            </button>
          </span>
          <span class="mid" role="status">
            {pasted}
          </span>
        </div>
        <p class="sample">
          No export at hand?{" "}
          <button type="button" class="link" onClick={() => void openSample()} aria-disabled={!ready}>
            Open the sample tenant
          </button>
          <span class="mid">: a made-up company, with attacks hidden in ordinary noise.</span>
        </p>
        <div class="vow">
          <b>
            <Lock /> Nothing you drop leaves this machine.
          </b>
          <p>
            A policy in the page makes the browser refuse its requests. See for yourself in 20 seconds: press the button, or watch Network
            in the developer tools.{" "}
            <button type="button" class="link" onClick={() => (dialogue.value = "promise")}>
              What it cannot stop
            </button>
          </p>
          <button
            type="button"
            class="btn"
            onClick={() => {
              dialogue.value = "promise";
              tryNow();
            }}
          >
            Try to connect out
          </button>
        </div>
        <div class="legend">
          <h2>How to read what you will see</h2>
          <ul>
            <li>
              <svg width="118" height="14" aria-hidden="true">
                <path d="M6 7H50" class="k-owner" stroke-width="2" />
                <path d="M50 7H118" class="k-other" stroke-width="4" />
                <rect x="45.5" y="2.5" width="9" height="9" class="f-other" />
                <circle cx="6" cy="7" r="4.5" class="f-owner" />
              </svg>
              <span>
                <b>Two colours, two hands.</b> Round and blue is the owner, square and red whoever else held it.
              </span>
            </li>
            <li>
              <span class="shapes">
                {(["critical", "high", "medium", "low", "info"] as const).map((severity) => (
                  <SeverityShape key={severity} severity={severity} />
                ))}
              </span>
              <span>
                <b>Five shapes.</b> Critical, high, medium, low, info, always with the word.
              </span>
            </li>
            <li>
              <svg width="118" height="14" aria-hidden="true">
                <rect x="0" y="1" width="118" height="12" class="f-hatch" />
              </svg>
              <span>
                <b>Hatched is not empty.</b> Blank: looked, found nothing. Hatched: could not look.
              </span>
            </li>
          </ul>
        </div>
        <dl class="stamp">
          <dt>Version</dt>
          <dd>
            {version}, commit {commit.slice(0, 7)}
            {commit.endsWith("+changed") ? " and changes" : ""}, Rust {rust};{" "}
            <button type="button" class="link" onClick={() => (dialogue.value = "promise")}>
              what it is made of
            </button>
          </dd>
          <dd />
          <dt>SHA-256 of page</dt>
          <dd class="mono any">{hash.value}</dd>
          <dd />
        </dl>
      </div>
      <aside class="side exports" aria-label="Which exports to make" data-pane>
        <h2>Which exports to make</h2>
        <p class="mid">Two are enough to begin. Each further one lets more be seen.</p>
        <ol>
          {GUIDES.map((guide, index) => (
            <li key={guide.kind}>
              <span class={guide.needed ? "no must" : "no"}>{index + 1}</span>
              <span class="b">{guide.name}</span>
              <span class="w">{guide.shows}</span>
              <Path text={guide.path} />
            </li>
          ))}
          {FURTHER.map((one, index) => (
            <li key={one.name}>
              <span class="no">{GUIDES.length + index + 1}</span>
              <span class="b">{one.name}</span>
              <span class="w">{one.shows}</span>
              <Path text={one.path} />
            </li>
          ))}
        </ol>
        <div class="codehead">
          <h2 class="small">Or all sign-ins by Graph PowerShell</h2>
          <CopyButton text={() => POWERSHELL} label="Copy" />
        </div>
        <pre class="code" tabIndex={0} aria-label="PowerShell commands">
          {POWERSHELL}
        </pre>
        <p class="after">A portal download stops at about 250,000 rows: take shorter times, or PowerShell.</p>
        <h2 class="small beside">Beside the exports</h2>
        <p class="after">
          Lists of networks (known-good.txt, tor.txt), named locations, a database of addresses (.mmdb), users with their roles (CSV,
          IdentityInfo, Graph): offices then count as the owner's, missing places are filled in, privileged users are marked.
        </p>
      </aside>
    </main>
  );
}

/** Clicks that follow each other; a line ends between two of them. */
const Path = ({ text }: { text: string }) => (
  <span class="p">
    {text.split(" › ").map((click, index) => (
      <Fragment key={index}>
        <span class={click.length < 34 ? "nw" : ""}>
          {index > 0 && "› "}
          {click}
        </span>{" "}
      </Fragment>
    ))}
  </span>
);
