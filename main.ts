import { App } from "cdktf";
import { definitions } from "./environments";
import { warningsOf } from "./constructs/hardening/hardening-aspect";
import { HardeningError } from "./constructs/hardening/hardening-error";
import { EnvironmentError } from "./environments/load";
import { buildPlatform } from "./stacks";
import { swiftly } from "./stacks/swift-synthesis";

try {
  swiftly(() => {
    const app = new App();
    buildPlatform(app, definitions);
    app.synth();
    // The command line of cdktf, known by this variable, prints them itself.
    if (process.env.CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS === undefined) {
      for (const warning of warningsOf(app)) console.warn(warning);
    }
  });
} catch (error) {
  if (!(error instanceof EnvironmentError || error instanceof HardeningError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
