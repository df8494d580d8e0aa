import { FORMATS } from "../access/format";
import type { Option } from "./command";

/** Environment of a call. The options in this file mean the same in every command that has them. */
export const ENV = { type: "string", value: "NAME", required: true, help: "The environment." } as const;

/** Single environment to synthesize. */
export const ONLY_ENV = {
  type: "string",
  value: "NAME",
  help: "Only this environment; no others are synthesized.",
  otherwise: "all environments",
} as const satisfies Option;

/** Output format. */
export const FORMAT = {
  type: "string",
  choices: FORMATS,
  default: "table",
  help: "Format of the output.",
} as const satisfies Option;

/** Base revision for changed stacks. */
export const CHANGED_SINCE = {
  type: "string",
  value: "REVISION",
  help:
    "Only stacks whose synthesized output has changed since the working tree left the revision, such as origin/main. " +
    "deployed stands for the commit that GitHub says is deployed to the environment.",
  otherwise: "every stack",
} as const satisfies Option;

/** Role of the environment for a GitHub workflow. */
export const IDENTITY = {
  type: "string",
  value: "ROLE",
  help: "In a job of a GitHub workflow: assume this role of the environment: plan, deploy or deploy-TEAM.",
  otherwise: "your own credentials",
} as const satisfies Option;

/** Connection to Vault through the API server. */
export const PORT_FORWARD = {
  type: "boolean",
  help: "Reach Vault through the cluster's API server.",
  otherwise: "the environment's endpoint",
} as const satisfies Option;

/** File with the CA certificates of Vault. */
export const CA = {
  type: "string",
  value: "FILE",
  help: "CA certificates of Vault.",
  otherwise: "VAULT_CACERT, those of the environment, or those in its cluster",
} as const satisfies Option;

/** Synthesis without stack traces of tokens. */
export const NO_TRACES = {
  type: "boolean",
  help: "Faster: errors of cdktf then do not say where a token was created.",
} as const satisfies Option;

/** Stacks by name. */
export const STACKS = {
  name: "STACK",
  optional: true,
  repeated: true,
  help: "Name of a stack, * for any text in it. Default: every stack.",
} as const;
