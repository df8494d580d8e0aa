import { pathToFileURL } from "node:url";

/** What lets Node start the project's program, which is TypeScript, wherever this package is installed. */
export const TYPESCRIPT = ["--import", pathToFileURL(require.resolve("tsx")).href] as const;
