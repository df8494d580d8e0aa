import { type App, Testing } from "cdktf";
import type { EnvironmentDefinition } from "../../platform/schema";
import { buildPlatform } from "../../stacks";

/** Synthesizes every stack of the given environments, as the CDK app does. */
export function writePlatform(definitions: readonly EnvironmentDefinition[]): App {
  const app = Testing.app() as App;
  buildPlatform(app, definitions);
  app.synth();
  return app;
}
