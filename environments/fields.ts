import { X509Certificate } from "node:crypto";
import { CronExpressionParser } from "cron-parser";
import * as ipaddr from "ipaddr.js";
import { z } from "zod";
import { parsePrincipal } from "../constructs/aws/arn";
import { AwsRegion } from "../constructs/aws/region";
import { Cpu } from "../constructs/core/cpu";
import { Duration } from "../constructs/core/duration";
import { METADATA_RANGES, liesWithin } from "../constructs/core/network-ranges";
import {
  NO_PROXY_ENTRY,
  PROXY_URL,
  isNoProxyEntry,
  isProxyUrl,
  shownProxyUrl,
} from "../constructs/core/outbound-proxy";
import { Size } from "../constructs/core/size";

/** The kinds of values that environment definitions are made of, each with its one message. */

/** A text of some form; what is no text, or missing, gets the same message. */
export function text(form: RegExp, allowed: string) {
  return z.string(allowed).regex(form, allowed);
}

function textThat(fits: (text: string) => boolean, allowed: string) {
  return z.string(allowed).refine(fits, allowed);
}

/** A text of a form that constructs check, too. */
export function textOf({
  fits,
  allowed,
}: {
  readonly fits: (text: string) => boolean;
  readonly allowed: string;
}) {
  return textThat(fits, allowed);
}

export function wholeNumber(least: number, most: number, allowed: string) {
  const fits = (number: number) => Number.isInteger(number) && number >= least && number <= most;
  return z.number(allowed).refine(fits, allowed);
}

export const name = text(
  /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "a lower-case DNS label of at most 63 characters, such as payments",
);

export const account = text(/^\d{12}$/, "an AWS account number of 12 digits");

export const region = textThat(
  (text) => AwsRegion.find(text) !== undefined,
  "an AWS region, such as us-east-1",
);

/** Local Zones and Wavelength Zones are refused: each depends on one zone of its region. */
export const zone = textThat(
  (text) => /[a-z]$/.test(text) && AwsRegion.find(text.slice(0, -1)) !== undefined,
  "an availability zone, such as us-east-1a",
);

export const principal = textThat(
  (text) => parsePrincipal(text) !== undefined,
  "the ARN of one IAM role or user, without wildcards",
);

/** Also link-local, where DNS servers may be. */
export const anyCidr = textThat(isRange, "a network range, such as 10.0.0.0/16");

export const cidr = anyCidr.refine(
  (range) => !isRange(range) || !METADATA_RANGES.some((metadata) => liesWithin(range, metadata)),
  `a network range that does not lie within ${METADATA_RANGES.join(" or ")}, where pods get the credentials of their node`,
);

/** A URL of some form that leads to a port; 0 is none. */
export function url(form: RegExp, allowed: string) {
  return textThat((url) => form.test(url) && URL.canParse(url) && new URL(url).port !== "0", allowed);
}

export const httpsUrl = url(/^https:\/\/\S+$/, "an https:// URL");

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

export const hostName = text(
  new RegExp(`^(?=.{1,253}$)${label}(\\.${label})*$`),
  "a host name, such as payments-db.production.svc",
);

export const port = wholeNumber(1, 65535, "a port from 1 to 65535");

export const duration = textThat(
  (text) => (parsed(() => Duration.parse(text))?.toSeconds() ?? 0) > 0,
  "digits and one of s, m, h, d, above zero, such as 1h",
).transform((text) => Duration.parse(text));

/** How long something is kept by a cloud that counts days. */
export const days = textThat((text) => {
  const seconds = parsed(() => Duration.parse(text))?.toSeconds() ?? 0;
  return seconds > 0 && seconds % Duration.days(1).toSeconds() === 0;
}, "whole days, one at least, such as 30d").transform((text) => Duration.parse(text));

export const cpu = textThat(
  (text) => parsed(() => Cpu.parse(text)) !== undefined,
  "cores or thousandths of a core, such as 2 or 500m",
).transform((text) => Cpu.parse(text));

/** No volume of a cloud is larger than 64 TiB. */
const LARGEST = Size.gibibytes(65_536);

export const size = textThat(
  (text) => (parsed(() => Size.parse(text))?.toMebibytes() ?? Infinity) <= LARGEST.toMebibytes(),
  `digits and Mi or Gi, at most ${LARGEST}, such as 10Gi`,
).transform((text) => Size.parse(text));

const NAMES_IN_SCHEDULES =
  /\b(sun|mon|tue|wed|thu|fri|sat|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\b/gi;

/** Five fields as Kubernetes reads them: macros, seconds and letters such as L, H and ? are refused. */
export const schedule = textThat((text) => {
  const isPlain = /^[\d*,/\s-]+$/.test(text.replace(NAMES_IN_SCHEDULES, "0"));
  const hasFive = text.trim().split(/\s+/).length === 5;
  return isPlain && hasFive && parsed(() => CronExpressionParser.parse(text)) !== undefined;
}, "a cron schedule of five fields, such as 0 2 * * *");

/** Pinned: a moving tag would let a node start another program than the one that was reviewed. */
export const image = text(
  /^[a-z0-9][\w.-]*(:\d+)?(\/[\w.-]+)*:(?!latest(@|$))\w[\w.-]*(@sha256:[0-9a-f]{64})?$/,
  "an image with a version, such as hashicorp/vault:1.21.0 (not latest); a digest may follow",
);

export const version = text(/^\d+\.\d+\.\d+$/, "an exact version, such as 0.34.1");

export const chartMirror = text(
  /^(https:\/\/|oci:\/\/|\.{0,2}\/).+/,
  "a chart mirror: https://, oci:// or a local path",
);

export const registryMirror = text(
  /^[a-z0-9]([a-z0-9.-]*[a-z0-9])(:\d+)?(\/[\w.-]+)*$/,
  "a registry host without a scheme, such as registry.example.com/mirror",
);

const CERTIFICATE = /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n?$/;

/** A private key would be refused by the search for secrets; this says what is wanted. */
export const caCertificate = text(CERTIFICATE, "one CA certificate in PEM");

/** A certificate whose owner may sign others, as everybody who checks it will find. */
export const authority = textThat(
  (pem) => CERTIFICATE.test(pem) && parsed(() => new X509Certificate(pem))?.ca === true,
  "one CA certificate in PEM, whose owner may sign others",
);

export const pgpPublicKey = text(
  /^-----BEGIN PGP PUBLIC KEY BLOCK-----\n[\s\S]+\n-----END PGP PUBLIC KEY BLOCK-----\n?$/,
  "a PGP public key, armored",
);

/** Of an object of Kubernetes, such as a Secret. */
export const objectName = text(
  new RegExp(`^(?=.{1,253}$)${label}(\\.${label})*$`),
  "the name of a Kubernetes object, such as registry-credentials",
);

/** A user and a password would be in every pod. Errors do not show them. */
export const proxyUrl = z.string(PROXY_URL).superRefine((url, context) => {
  if (!isProxyUrl(url)) context.addIssue({ code: "custom", input: shownProxyUrl(url), message: PROXY_URL });
});

export const noProxyEntry = textThat(isNoProxyEntry, NO_PROXY_ENTRY);

const labelName = "[A-Za-z0-9]([\\w.-]{0,61}[A-Za-z0-9])?";

/** Labels that objects of Kubernetes have. */
export const labels = z
  .record(z.string(), z.string("a label's value"), "labels and their values")
  .refine(
    (all) =>
      Object.entries(all).every(
        ([key, value]) =>
          new RegExp(`^((?=.{1,253}/)${label}(\\.${label})*/)?${labelName}$`).test(key) &&
          new RegExp(`^(${labelName})?$`).test(value),
      ),
    'labels of Kubernetes, such as { app: "payments-db" }',
  );

/** Of a Secret of Kubernetes. */
export const secretKey = text(/^[\w.-]{1,253}$/, "a key of a Kubernetes Secret");

export const secretReference = z.strictObject({
  /** Name of an existing Kubernetes Secret; its value never passes through this program. */
  secretName: name,
  key: secretKey,
});

function isRange(text: string): boolean {
  return ipaddr.isValidCIDR(text);
}

function parsed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
