import { clusterEnvironmentOf } from "./cluster";
import { dev } from "./dev";
import { local } from "./local";
import { production } from "./production";
import type { EnvironmentDefinition } from "cdktf-vault-platform/platform";
import { staging } from "./staging";

/**
 * Every environment of the platform. To add one, write its definition and add it here. Add `drProduction` of
 * `dr-production.ts` as well if production must survive the loss of its region.
 */
export const definitions: readonly EnvironmentDefinition[] = [
  local,
  dev,
  staging,
  production,
  ...clusterEnvironmentOf(process.env),
];
