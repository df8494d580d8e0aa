import { bootstrapNames } from "../../jobs/bootstrap-names";
import { Duration } from "../../core/duration";
import { anyText, checkProps, list, number, object } from "../../core/field";
import { duration } from "../../core/fields";
import { received } from "../../core/received";
import { ValidationError } from "../../core/validation-error";
import type { Burst, Condition, Detection } from "./detection";

/** Options of suspiciousAccess. */
export interface SuspiciousAccessOptions {
  /**
   * Prefixes of the display names of logins that are allowed to change policies: auth mount and name.
   * @default - terraform-vault-vault-terraform, the ServiceAccount of Terraform, and github-, the repository's
   * workflows
   */
  readonly pipelineLogins?: readonly string[];
  /**
   * Number of denials from one address that is suspicious.
   * @default - more than 20 in 5 minutes: a service with a wrong policy retries less often
   */
  readonly deniedBurst?: Pick<Burst, "moreThan" | "within">;
  /**
   * Number of different secrets read by one login that is suspicious.
   * @default - more than 50 in 10 minutes: a service reads a handful when it starts
   */
  readonly massReads?: Pick<Burst, "moreThan" | "within">;
}

const BURST = object<Pick<Burst, "moreThan" | "within">>(() => ({
  moreThan: number.known(),
  within: duration,
}));

const OPTIONS = object<SuspiciousAccessOptions>(() => ({
  pipelineLogins: list(anyText.known()).known().optional(),
  deniedBurst: BURST.optional(),
  massReads: BURST.optional(),
}));

const SUCCEEDED: readonly Condition[] = [
  { field: "type", oneOf: ["response"] },
  { field: "error", absent: true },
];

/**
 * Detections of accesses that need investigation, whether Vault allows or denies them.
 * @throws ValidationError for logins with characters that are special in a query language, and for an empty burst
 */
export function suspiciousAccess(options: SuspiciousAccessOptions = {}): Detection[] {
  checkProps("suspiciousAccess", OPTIONS, options);
  const {
    pipelineLogins = [`${bootstrapNames.authPath}-vault-${bootstrapNames.deployServiceAccount}`, "github-"],
    deniedBurst = { moreThan: 20, within: Duration.minutes(5) },
    massReads = { moreThan: 50, within: Duration.minutes(10) },
  } = options;
  validate(pipelineLogins, { deniedBurst, massReads });
  return [
    {
      name: "root-token-used",
      title: "Root token of Vault used",
      severity: "critical",
      description:
        "Somebody acts with a token that nothing is denied to, and that does not expire by itself.",
      expected: "the bootstrap, and custodians who break the glass",
      when: [
        { field: "type", oneOf: ["request"] },
        { field: "auth.policies", oneOf: ["root"] },
      ],
    },
    {
      name: "policy-changed-outside-pipelines",
      title: "Policy of Vault changed outside the pipelines",
      severity: "high",
      description: "Somebody gives rights that no pull request has shown.",
      expected: "the bootstrap, and an admin in an emergency",
      when: [
        ...SUCCEEDED,
        { field: "request.operation", oneOf: ["create", "update", "patch", "delete"] },
        { field: "request.path", startsWith: ["sys/policies/", "sys/policy/"] },
        { not: { field: "auth.display_name", startsWith: pipelineLogins } },
      ],
    },
    {
      name: "denied-burst",
      title: "Burst of denials by Vault",
      severity: "medium",
      description: "Somebody tries what may be had, or with which token.",
      expected: "a service whose policy was taken away while it runs",
      when: [
        { field: "type", oneOf: ["response"] },
        { field: "error", contains: "denied" },
      ],
      burst: { by: "request.remote_address", distinct: "request.id", ...deniedBurst },
    },
    {
      name: "mass-secret-reads",
      title: "Many different secrets of Vault read by one login",
      severity: "high",
      description: "Somebody copies secrets before the right to read them is taken away.",
      expected: "a migration, or a service with very many secrets",
      when: [
        ...SUCCEEDED,
        { field: "request.operation", oneOf: ["read"] },
        { field: "request.mount_type", oneOf: ["kv"] },
      ],
      burst: { by: "auth.display_name", distinct: "request.path", ...massReads },
    },
  ];
}

function validate(
  logins: readonly string[],
  bursts: Readonly<Record<string, Pick<Burst, "moreThan" | "within">>>,
): void {
  const scope = "suspiciousAccess";
  if (logins.length === 0) {
    throw new ValidationError(scope, "pipelineLogins must be one at least, got none");
  }
  for (const login of logins) {
    if (!/^[\w./-]+$/.test(login)) {
      throw new ValidationError(
        scope,
        `pipelineLogins must be letters, digits and _ . / -, such as github-, got ${received(login)}`,
      );
    }
  }
  for (const [name, { moreThan, within }] of Object.entries(bursts)) {
    if (!(Number.isInteger(moreThan) && moreThan >= 1)) {
      throw new ValidationError(
        scope,
        `${name}.moreThan must be a whole number of 1 or more, got ${received(moreThan)}`,
      );
    }
    if (within.toSeconds() === 0 || within.toSeconds() % 60 !== 0) {
      throw new ValidationError(scope, `${name}.within must be whole minutes, got ${received(within)}`);
    }
  }
}
