import { inspect } from "node:util";
import { hideSecrets } from "../constructs/core/received";
import { visible } from "../constructs/core/visible";
import { UserError } from "../constructs/core/user-error";
import { explainFileError, isAboutFolder } from "./file-errors";

/** Error that made the output incomplete. @default - the output is complete, or its reader has closed it */
let writeError: NodeJS.ErrnoException | undefined;

/** Prints a result. Control characters and invisible characters are escaped. */
export function print(text: string): void {
  write(process.stdout, visible(text));
}

/** Prints a text of Terraform with its colours. */
export function printColoured(text: string): void {
  const parts = text.split(COLOURS);
  write(process.stdout, parts.map((part, index) => (index % 2 === 1 ? part : visible(part))).join(""));
}

/** Prints a note or an error. */
export function warn(text: string): void {
  write(process.stderr, visible(hideSecrets(text)));
}

/** Colour codes of Terraform. None of them hides text. */
const COLOURS = /(\u001b\[(?:0|1|4|3[0-79]|9[0-7])m)/;

/**
 * Runs a program to its end. Exits with its code after all output is written, however slow the reader is.
 * A reader that closes early, such as `head`, is not an error. Output that cannot be written, for example to a full
 * disk, is an error.
 */
export function runToExit(main: () => Promise<number>): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", onWriteError);
  main()
    .catch((error: unknown) => {
      warn(describeError(error));
      return 1;
    })
    .then(async (code) => {
      await Promise.all([drained(process.stdout), drained(process.stderr)]);
      if (writeError) warn(`The output is incomplete: ${writeError.message}`);
      process.exit(writeError ? 1 : code);
    });
}

function write(stream: NodeJS.WriteStream, text: string): void {
  try {
    stream.write(`${text}\n`);
  } catch (error) {
    // Node writes to files synchronously.
    onWriteError(error as NodeJS.ErrnoException);
  }
}

function onWriteError(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") writeError ??= error;
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  // The error of a failed write is reported after its callback.
  return new Promise((resolve) => stream.write("", () => setImmediate(resolve)));
}

/** Message of an error. Errors for users and errors of the operating system are printed without a stack trace. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  const explained = isAboutFolder(error) ? explainFileError(error, []) : undefined;
  if (explained !== undefined) return explained;
  const isForUsers = error instanceof UserError || "syscall" in error;
  return isForUsers ? error.message : inspect(error);
}
