// Takes the place of the page's last script in tests of what lies under it.

// First, as in the page: it keeps the document as it was.
import * as proof from "../../www/proof/proof";
import { pieces } from "../../www/worker/cut";
import { createEngine, type Engine } from "../../www/worker/engine";
import { Member } from "../../www/worker/member";
import { startWorker } from "../../www/worker/start";

const reportOf = async (engine: Engine) =>
  new TextDecoder().decode(await engine.save({ ask: "export", what: "report" }));

Object.assign(globalThis, { proof, pieces, createEngine, Member, startWorker, reportOf });
