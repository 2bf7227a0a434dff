/** What went wrong, apart from single files: those are part of the progress. */
export type FailureKind =
  | "browser" // it lacks something that the page needs
  | "no-worker" // it starts no worker here, or gives it no files
  | "framed" // the page stands inside another page
  | "out-of-memory"
  | "defect" // a mistake in this program
  | "busy" // a read is under way
  | "cancelled"
  | "cleared"
  | "question" // the question is not understood
  | "tuning" // no such tunable, or not a value of it
  | "file" // a file was moved, changed or closed
  | "record"; // there is no record at this place

/** A failure with a next step. Its texts never hold a value of a record. */
export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    /** What to do now. */
    readonly next: string,
    /** Where in this program, for a report of a defect. */
    readonly place: string | null = null,
  ) {
    super(message);
    this.name = "Failure";
  }
}

const COMMAND = "or use the command signin-sleuth, which does the same without a browser";

export const noWorker = (message = "This browser starts no worker for this page.") =>
  new Failure(
    "no-worker",
    message,
    "Open the page in Chrome, Edge or Firefox; Safari and other WebKit browsers run it only from a web server, " +
      `not as a file; ${COMMAND}.`,
  );

/** WebKit, where the page is a file. */
export const noFilesInWorkers = () => noWorker("This browser lets the page read your files, but none of its workers.");

export const oldBrowser = (lacking: string) =>
  new Failure(
    "browser",
    `This browser lacks ${lacking}.`,
    `Use a browser of 2023 or later: Chrome or Edge 113, Firefox 113, Safari 16.4; ${COMMAND}.`,
  );

export const framed = () =>
  new Failure("framed", "The page stands inside another page, which could watch it.", "Open it in a tab of its own.");

export const outOfMemory = () =>
  new Failure(
    "out-of-memory",
    "The browser gives the page no more memory.",
    `Read fewer files at once, or a shorter time; ${COMMAND}.`,
  );

export const defect = (what: string, place: string | null) =>
  new Failure("defect", what, "Report it with the version and the place below. It holds nothing of your files.", place);

export const cancelled = () => new Failure("cancelled", "Reading was stopped.", "Drop the files again to read them.");

export const cleared = () => new Failure("cleared", "Everything was cleared.", "Drop files to begin again.");

export const busy = () => new Failure("busy", "Files are being read.", "Wait until they are read, or stop the reading.");
