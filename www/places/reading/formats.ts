// Names of formats as a person reads them.

import { FORMATS } from "../../exports";

const NAMES = new Map([...FORMATS, ["other-tables", "Known tables that are not used"], ["unknown", "Not a log Sleuth knows"]]);

/** A format, or several joined by `+`. */
export const formatName = (format: string): string =>
  format
    .split("+")
    .map((one) => NAMES.get(one) ?? one)
    .join(", ");
