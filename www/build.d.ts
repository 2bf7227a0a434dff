/** What the build says of itself (`cargo xtask build` puts it in). */
declare const BUILD: {
  /** The crate's version. */
  readonly version: string;
  /** The whole hash of the commit, `+changed` behind it when files differed from it, or `unknown`. */
  readonly commit: string;
  /** The compiler's version: with the same one, anybody builds the same bytes. */
  readonly rust: string;
};

declare module "*.css" {}
