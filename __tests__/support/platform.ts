import { type App, Testing } from "cdktf";
import type { EnvironmentDefinition } from "../../platform/schema";
import { buildPlatform } from "../../stacks";

/** Writes every stack of some environments, as the program does. */
export function writePlatform(definitions: readonly EnvironmentDefinition[]): App {
  const app = Testing.app() as App;
  buildPlatform(app, definitions);
  app.synth();
  return app;
}
