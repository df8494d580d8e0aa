import type { EnvironmentDefinition } from "cdktf-vault-platform/platform";
import { dev } from "./dev";
import { production } from "./production";
import { staging } from "./staging";

/** All environments of the platform. To add one, write its definition and list it here. */
export const definitions: readonly EnvironmentDefinition[] = [dev, staging, production];
