import { smoke } from "./smoke.mjs";
import { firefox } from "./webdriver.mjs";

smoke("Firefox", {
  start: () => firefox(process.env.SLEUTH_FIREFOX ?? "/usr/bin/firefox-esr"),
  asFile: true,
  tellsOfWorkers: true,
});
