import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluate, type Principal, type Result } from "../../../analysis/aws/evaluate";
import { joinPolicies, parsePolicy } from "../../../analysis/aws/iam-policy";
import { Random } from "../../access/support/random";
import { describeUnless } from "../../support/needs";
import { type IamCase, randomCase } from "./support/iam-cases";

// The simulator is licensed under the AGPL. It is installed for this test alone and removed with its folder.
const SIMULATOR = "@cloud-copilot/iam-simulate@0.1.173";
const CASES = 25_000;
const SEED = 20_261_130;

const folder = mkdtempSync(join(tmpdir(), "iam-simulator-"));
const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save"];
const installed = spawnSync("npm", ["install", "--prefix", folder, ...options, SIMULATOR], {
  encoding: "utf8",
  timeout: 60_000,
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Modules of the simulator. Its public function takes no policy of a resource without a name. */
interface Modules {
  readonly authorize: (request: object) => { readonly result: string };
  readonly loadPolicy: (policy: object, metadata: { readonly name: string }) => object;
  readonly request: new (principal: unknown, resource: object, action: string, context: object) => object;
  readonly context: new (values: IamCase["context"]) => object;
  readonly constraints: new (values: readonly object[]) => object;
}

function loadModules(): Modules {
  const load = createRequire(join(folder, "test.js"));
  const part = (name: string): Record<string, unknown> =>
    load(join(folder, "node_modules/@cloud-copilot/iam-simulate/dist/cjs", name)) as Record<string, unknown>;
  return {
    authorize: part("core_engine/CoreSimulatorEngine.js").authorize,
    loadPolicy: (load("@cloud-copilot/iam-policy") as Record<string, unknown>).loadPolicy,
    request: part("request/request.js").AwsRequestImpl,
    context: part("requestContext.js").RequestContextImpl,
    constraints: part("context_keys/discoveryContextKeyConstraints.js").DiscoveryContextKeyConstraints,
  } as Modules;
}

const RESULTS: Readonly<Record<string, Result>> = {
  Allowed: "allowed",
  ExplicitlyDenied: "explicitly denied",
  ImplicitlyDenied: "implicitly denied",
};

describeUnless(
  installed.status === 0 ? undefined : `the registry of npm packages, to install ${SIMULATOR} for this test`,
)("evaluation of IAM policies", () => {
  it(`agrees with an independent simulator in ${CASES} random cases`, () => {
    const modules = loadModules();
    const simulate = (it: IamCase) => RESULTS[modules.authorize(simulationOf(it, modules)).result];
    const differs = (it: IamCase) => simulate(it) !== ours(it);
    const random = new Random(SEED);
    const counts: Record<string, number> = {};
    for (let index = 0; index < CASES; index++) {
      const one = randomCase(random);
      const result = ours(one);
      counts[result] = (counts[result] ?? 0) + 1;
      if (simulate(one) === result) continue;
      const minimal = minimize(one, differs);
      throw new Error(
        `case ${index}: the simulator says ${simulate(minimal)}, the evaluator ${ours(minimal)}:\n` +
          JSON.stringify(minimal, null, 1),
      );
    }
    // A test of denials alone, or of what cannot be known, would prove nothing.
    expect(counts["not known"]).toBeUndefined();
    for (const result of Object.values(RESULTS)) expect(counts[result]).toBeGreaterThan(CASES / 20);
  });
});

function ours(it: IamCase): Result {
  const values = new Map(Object.entries(it.context).map(([key, value]) => [key.toLowerCase(), value]));
  return evaluate(
    {
      principal: principalOf(it.principal),
      action: it.action,
      resource: it.resource,
      resourceAccount: it.resourceAccount,
      context: { values, isComplete: true },
    },
    {
      identity: joinPolicies(it.identity.map(parsePolicy)),
      boundary: it.boundary && parsePolicy(it.boundary),
      resource: it.resourcePolicy && parsePolicy(it.resourcePolicy),
      serviceControl: it.serviceControl.map(parsePolicy),
    },
  ).result;
}

function principalOf(text: string): Principal {
  if (text === "anonymous") return { kind: "anonymous" };
  if (!text.startsWith("arn:")) return { kind: "service", name: text };
  return { kind: text.includes(":user/") ? "user" : "role", arn: text, account: text.split(":")[4] };
}

function simulationOf(it: IamCase, { loadPolicy, request: Request, ...modules }: Modules): object {
  const load = (policies: readonly object[]) =>
    policies.map((policy, index) => loadPolicy(policy, { name: `policy ${index}` }));
  return {
    request: new Request(
      it.principal === "anonymous" ? { type: "Anonymous" } : it.principal,
      { resource: it.resource, accountId: it.resourceAccount },
      it.action,
      new modules.context(it.context),
    ),
    identityPolicies: load(it.identity),
    serviceControlPolicies: it.serviceControl.map((policy, index) => ({
      orgIdentifier: `level-${index}`,
      policies: load([policy]),
    })),
    resourceControlPolicies: [],
    resourcePolicy: it.resourcePolicy && load([it.resourcePolicy])[0],
    permissionBoundaries: it.boundary && load([it.boundary]),
    simulationParameters: {
      simulationMode: "Strict",
      discoveryContextKeyConstraints: new modules.constraints([]),
    },
  };
}

/** Smallest case that still differs: values are removed one by one as long as the difference stays. */
function minimize(one: IamCase, differs: (it: IamCase) => boolean): IamCase {
  let current = one;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const candidate of smaller(current) as Generator<IamCase>) {
      if (!isValid(candidate) || !differs(candidate)) continue;
      current = candidate;
      isSmaller = true;
      break;
    }
  }
  return current;
}

/** Copies of a value with one element less. */
function* smaller(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      yield [...value.slice(0, index), ...value.slice(index + 1)];
      for (const item of smaller(value[index]))
        yield value.map((it, at) => (at === index ? item : (it as unknown)));
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
      for (const other of smaller(item)) yield { ...value, [key]: other };
    }
  }
}

/** Returns true if a case still has its parts, and its statements the elements that they need. */
function isValid(it: IamCase): boolean {
  if (!it.principal || !it.action || !it.resource || !it.resourceAccount || !it.context) return false;
  if (!it.identity || !it.serviceControl) return false;
  const isComplete = (policy: object): boolean => {
    const { Version: version, Statement: statement } = policy as Record<string, unknown>;
    const statements = [statement ?? []].flat() as Record<string, unknown>[];
    return (
      version !== undefined &&
      statements.length > 0 &&
      statements.every(
        (s) =>
          s.Effect !== undefined &&
          (s.Action ?? s.NotAction) !== undefined &&
          (s.Resource ?? s.NotResource) !== undefined &&
          Object.values(s).every((part) => !Array.isArray(part) || part.length > 0) &&
          Object.values((s.Condition ?? {}) as object).every(
            (keys) => Object.keys(keys as object).length > 0,
          ),
      )
    );
  };
  const rest = [it.boundary, it.resourcePolicy].filter((policy) => policy !== undefined);
  return [...it.identity, ...it.serviceControl, ...rest].every(isComplete);
}
