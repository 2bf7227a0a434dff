import { smoke } from "./smoke.mjs";
import { webkit } from "./webdriver.mjs";

smoke("WebKitGTK", {
  start: () => webkit(process.env.SLEUTH_WEBKIT ?? "/usr/bin/WebKitWebDriver"),
  // It gives files to no worker of a page that is itself a file.
  asFile: false,
  tellsOfWorkers: false,
});
