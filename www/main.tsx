// The page: places in a frame. `proof` comes first: it keeps the file as it was before anything changed it.

import "./proof/proof";

import { render } from "preact";
import { useEffect } from "preact/hooks";

import "./tokens.css";
import "./frame.css";
import "./parts/parts.css";
import "./charts/charts.css";
import "./places/start/start.css";
import "./places/reading/reading.css";
import "./places/sessions/sessions.css";
import "./places/session/session.css";
import "./places/coverage/coverage.css";
import "./places/tenant/tenant.css";
import "./places/entity/entity.css";
import "./places/report/report.css";
import { workAhead } from "./idle";
import { Dialogues } from "./parts/dialogues";
import { DropOverlay, listenForFiles } from "./parts/drop";
import { LastFailure } from "./parts/failure";
import { Frame } from "./parts/frame";
import { Patterns } from "./parts/icons";
import { Coverage } from "./places/coverage/coverage";
import { Entity } from "./places/entity/entity";
import { Reading } from "./places/reading/reading";
import { Report } from "./places/report/report";
import { Session } from "./places/session/session";
import { Sessions } from "./places/sessions/sessions";
import { Start } from "./places/start/start";
import { Tenant } from "./places/tenant/tenant";
import { startEngine } from "./state/engine";
import { place, restoreScroll } from "./state/place";

function Place() {
  const now = place.value;
  switch (now.name) {
    case "start":
      return <Start />;
    case "reading":
      return <Reading />;
    case "sessions":
      return <Sessions />;
    case "session":
      return <Session sessionKey={now.key} />;
    case "entity":
      return <Entity key={`${now.entity.column} ${now.entity.value}`} entity={now.entity} asked={now.asked ?? null} />;
    case "tenant":
      return <Tenant />;
    case "report":
      return <Report />;
    case "coverage":
      return <Coverage />;
  }
}

const TITLES = {
  start: "Sign-in Sleuth",
  reading: "Files",
  sessions: "Sessions",
  session: "Session",
  entity: "Entity",
  tenant: "Tenant",
  coverage: "Coverage",
  report: "Report",
};

function App() {
  const name = place.value.name;
  useEffect(() => {
    // The title stands in the browser's history: it names no user.
    document.title = name === "start" ? TITLES.start : `${TITLES[name]} · Sign-in Sleuth`;
    const pane = document.querySelector<HTMLElement>("[data-keep-scroll]");
    if (pane !== null) restoreScroll(pane);
  }, [name]);
  return (
    <>
      <Patterns />
      <Frame>
        <Place />
      </Frame>
      <DropOverlay />
      <Dialogues />
      <LastFailure />
    </>
  );
}

const root = document.getElementById("app");
if (root !== null && top === self) {
  listenForFiles();
  render(<App />, root);
  void startEngine();
  workAhead();
}
