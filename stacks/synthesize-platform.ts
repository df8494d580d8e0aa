import { App } from "cdktf";
import { warningsOf } from "../constructs/hardening/hardening-aspect";
import { HardeningError } from "../constructs/hardening/hardening-error";
import { EnvironmentError } from "../environments/load";
import type { EnvironmentDefinition } from "../environments/schema";
import { buildPlatform } from "./index";
import { swiftly } from "./swift-synthesis";

/**
 * A whole program: builds the platform of the definitions and writes it to where cdktf expects it.
 * What a person has to mend in the definitions is told without a stack trace, and the exit code is then 1.
 */
export function synthesizePlatform(definitions: readonly EnvironmentDefinition[]): void {
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
}
