import { readFileSync } from "node:fs";
import { join } from "node:path";
import { received } from "../../constructs/core/received";
import { UserError } from "../../constructs/core/user-error";

/** Settings of a CDK app in its `cdktf.json`. */
export interface AppConfig {
  /** Shell command that runs the app. */
  readonly app: string;
  /** Folder of the synthesized stacks, relative to the app. */
  readonly output: string;
  /** Context of the app. @default - the context in CDKTF_CONTEXT_JSON of the caller */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Terraform modules for which cdktf generates bindings. */
  readonly terraformModules: readonly (string | { readonly source: string })[];
}

/**
 * Reads `cdktf.json` as cdktf does.
 * @throws UserError if the folder has none, and if it does not contain the command of the app
 */
export function readAppConfig(root: string): AppConfig {
  const file = join(root, "cdktf.json");
  const { app, output, context, terraformModules } = parse(file, readText(file, root));
  if (typeof app !== "string" || app.trim() === "") {
    throw new UserError(
      `app in ${file} must be the command that runs your CDK app, such as "node main.js", got ${received(app)}.`,
    );
  }
  return {
    app,
    output: typeof output === "string" && output !== "" ? output : "cdktf.out",
    context: isObject(context) ? context : undefined,
    terraformModules: Array.isArray(terraformModules) ? terraformModules : [],
  };
}

function readText(file: string, root: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UserError(`There is no cdktf.json in ${root}; run this in the folder of your CDK app.`);
  }
}

function parse(file: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} must be JSON: ${(error as Error).message}`);
  }
  if (isObject(value)) return value;
  throw new UserError(`${file} must be a JSON object, got ${received(value)}.`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
