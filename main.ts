import { App } from "cdktf";
import { definitions } from "./environments";
import { HardeningError } from "./constructs/hardening/hardening-error";
import { EnvironmentError } from "./environments/load";
import { buildPlatform } from "./stacks";
import { withoutTokenTraces } from "./stacks/token-traces";

try {
  withoutTokenTraces(() => {
    const app = new App();
    buildPlatform(app, definitions);
    app.synth();
  });
} catch (error) {
  if (!(error instanceof EnvironmentError || error instanceof HardeningError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
