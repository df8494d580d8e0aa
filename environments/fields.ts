import { CronExpressionParser } from "cron-parser";
import * as ipaddr from "ipaddr.js";
import { z } from "zod";
import { Cpu } from "../constructs/core/cpu";
import { Duration } from "../constructs/core/duration";
import { Size } from "../constructs/core/size";

/** The kinds of text that environment definitions are made of, each with its one message. */

export const name = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "a lower-case DNS label of at most 63 characters, such as payments",
  );

export const account = z.string().regex(/^\d{12}$/, "an AWS account number of 12 digits");

export const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region, such as us-east-1");

export const zone = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "an availability zone, such as us-east-1a");

export const principal = z
  .string()
  .regex(
    /^arn:aws:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/,
    "the ARN of one IAM role or user, without wildcards",
  );

export const cidr = z
  .string()
  .refine((text) => ipaddr.isValidCIDR(text), "a network range, such as 10.0.0.0/16");

export const httpsUrl = z
  .string()
  .refine((text) => URL.canParse(text) && new URL(text).protocol === "https:", "an https:// URL");

export const hostName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, "a host name, such as payments-db.production.svc");

export const duration = z
  .string()
  .refine((text) => parses(() => Duration.parse(text)), "digits and one of s, m, h, d, such as 1h")
  .transform((text) => Duration.parse(text));

export const cpu = z
  .string()
  .refine((text) => parses(() => Cpu.parse(text)), "cores or thousandths of a core, such as 2 or 500m")
  .transform((text) => Cpu.parse(text));

export const size = z
  .string()
  .refine((text) => parses(() => Size.parse(text)), "digits and Mi or Gi, such as 10Gi")
  .transform((text) => Size.parse(text));

/** Five fields as Kubernetes reads them: macros, seconds and `?` are refused. */
export const schedule = z
  .string()
  .refine(
    (text) => text.trim().split(/\s+/).length === 5 && parses(() => CronExpressionParser.parse(text)),
    "a cron schedule of five fields, such as 0 2 * * *",
  );

/** Pinned: a moving tag would let a node start another program than the one that was reviewed. */
export const image = z
  .string()
  .regex(
    /^[a-z0-9][\w.:/-]*?(:(?!latest$)[\w][\w.-]*(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/,
    "an image with a version or digest, such as hashicorp/vault:1.21.0 (not latest)",
  );

export const version = z.string().regex(/^\d+\.\d+\.\d+$/, "an exact version, such as 0.34.1");

export const chartMirror = z
  .string()
  .regex(/^(https:\/\/|oci:\/\/|\.{0,2}\/).+/, "a chart mirror: https://, oci:// or a local path");

export const registryMirror = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9.-]*[a-z0-9])(:\d+)?(\/[\w./-]+)?$/,
    "a registry host without a scheme, such as registry.example.com/mirror",
  );

/** A private key would be refused by the search for secrets; this says what is wanted. */
export const caCertificate = z
  .string()
  .regex(
    /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n?$/,
    "one CA certificate in PEM",
  );

export const pgpPublicKey = z
  .string()
  .regex(
    /^-----BEGIN PGP PUBLIC KEY BLOCK-----\n[\s\S]+\n-----END PGP PUBLIC KEY BLOCK-----\n?$/,
    "a PGP public key, armored",
  );

export const secretReference = z.strictObject({
  /** Name of an existing Kubernetes Secret; its value never passes through this program. */
  secretName: name,
  key: z.string().regex(/^[\w.-]+$/, "a key of a Kubernetes Secret"),
});

function parses(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
