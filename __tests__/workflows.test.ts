import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { COMMENT_MARKER } from "../access/render-comment";
import { PIPELINE_ROLES } from "../cli/workflow-identity";
import type { Command, CommandGroup } from "../cli/command";
import { parseCall } from "../cli/parse";
import { definitions } from "../environments";
import { loadEnvironments } from "../platform/load";

const root = resolve(__dirname, "..");
const folder = join(root, ".github", "workflows");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly uses?: string;
  readonly if?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly environment: readonly string[] } };
  readonly with?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const texts = new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]));
const workflows = [...texts].map(([file, text]) => [file, parse(text) as Workflow] as const);
const workflow = (file: string) => workflows.find(([name]) => name === file)![1];
const pullRequest = workflow("pull-request.yml").jobs;
const jobs = workflows.flatMap(([file, { jobs: all }]) =>
  Object.entries(all).map(([name, job]) => [`${file} ${name}`, job] as const),
);
const stepsOf = ({ steps = [] }: Job) => steps;
const checkouts = (job: Job) => stepsOf(job).filter(({ uses }) => uses?.startsWith("actions/checkout@"));
const scripts = jobs.flatMap(([, job]) => stepsOf(job).flatMap(({ run }) => run ?? []));
const writes = ({ permissions }: Job) =>
  Object.keys(permissions).filter((name) => permissions[name] !== "read");

test("pins every action by its digest, with one version as a comment", () => {
  const lines = [...texts.values()]
    .flatMap((text) => text.split("\n"))
    .filter((line) => /\buses:/.test(line));
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) {
    expect(line).toMatch(
      /uses: (\.\/\.github\/workflows\/[a-z-]+\.yml|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/,
    );
  }
  const versions = new Map<string, Set<string>>();
  for (const [, action, version] of lines.join("\n").matchAll(/uses: (\S+)@(\S+ # \S+)/g)) {
    versions.set(action, (versions.get(action) ?? new Set()).add(version));
  }
  expect([...versions.values()].filter(({ size }) => size > 1)).toEqual([]);
});

test("gives jobs only the permissions that they name, and write permissions to a fixed list", () => {
  for (const [, { permissions }] of workflows) expect(permissions).toEqual({});
  const writing = jobs.flatMap(([name, job]) => (writes(job).length > 0 ? [[name, writes(job)]] : []));
  expect(Object.fromEntries(writing)).toEqual({
    "pull-request.yml comment": ["pull-requests"],
    // Provenance is signed with the run's identity.
    "release.yml publish": ["id-token"],
    "pull-request.yml plan": ["id-token"],
    "merge.yml dev": ["id-token"],
    "merge.yml staging": ["id-token"],
    "merge.yml production": ["id-token"],
    "deploy.yml deploy": ["id-token"],
    "drift.yml drift": ["id-token"],
  });
});

test("uses no static secret, and checkouts persist no credentials", () => {
  for (const text of texts.values()) {
    for (const [, name] of text.matchAll(/secrets\.(\w+)|secrets:/g)) expect(name).toBe("GITHUB_TOKEN");
  }
  for (const [, job] of jobs) {
    for (const checkout of checkouts(job))
      expect(checkout.with).toMatchObject({ "persist-credentials": false });
  }
});

test("runs pull requests only on pull_request, and checks out the base before it comments", () => {
  for (const [, { on }] of workflows) {
    expect(JSON.stringify(on)).not.toMatch(/pull_request_target|workflow_run|issue_comment/);
  }
  expect(workflow("pull-request.yml").on).toEqual({ pull_request: null });
  expect(checkouts(pullRequest.comment).map((step) => step.with!.ref)).toEqual([
    "${{ github.event.pull_request.base.sha }}",
  ]);
});

test("gives pull requests of forks neither an identity nor a token that writes", () => {
  const guarded = Object.values(pullRequest).filter((job) => writes(job).length > 0);
  expect(guarded).toHaveLength(2);
  for (const job of guarded) {
    expect(job.if).toMatch(/^github\.event\.pull_request\.head\.repo\.full_name == github\.repository && /);
  }
});

test("runs pull requests and drift as plan, and deploys as deploy", () => {
  const identities = (job: Job) =>
    stepsOf(job).flatMap(({ run }) => /--identity (\w+)/.exec(run ?? "")?.slice(1) ?? []);
  expect(Object.values(pullRequest).flatMap(identities)).toEqual(["plan"]);
  expect(identities(workflow("drift.yml").jobs.drift)).toEqual(["plan"]);
  expect(identities(workflow("deploy.yml").jobs.deploy)).toEqual(["deploy"]);
  expect(PIPELINE_ROLES).toEqual(["plan", "deploy"]);
});

test("holds a dangerous change of access until reviewers approve", () => {
  expect(pullRequest.consent).toMatchObject({
    needs: "access",
    if: "needs.access.outputs.code == '3'",
    environment: "access-review",
  });
});

test("replaces the comment about access when the comparison fails", () => {
  const { access, comment } = pullRequest;
  const upload = stepsOf(access).find(({ uses }) => uses?.startsWith("actions/upload-artifact@"));
  expect(upload).toMatchObject({ if: "${{ !cancelled() }}" });
  expect(comment.if).toContain("!cancelled()");
  expect(stepsOf(comment).at(-1)!.run).toContain(COMMENT_MARKER);
});

test("plans, deploys in order and checks for drift every environment with shared state", () => {
  const shared = loadEnvironments(definitions).filter(({ state }) => state === "s3");
  const names = shared.map(({ name }) => name);
  expect(pullRequest.plan.strategy!.matrix.environment).toEqual(names);
  expect(workflow("drift.yml").jobs.drift.strategy!.matrix.environment).toEqual(names);
  const merge = workflow("merge.yml").jobs;
  expect(Object.values(merge).map((job) => job.with!.environment)).toEqual(names);
  expect(Object.values(merge).map(({ needs }) => needs)).toEqual([undefined, ...names.slice(0, -1)]);
  expect(workflow("deploy.yml").jobs.deploy.environment).toBe("${{ inputs.environment }}");
});

test("passes no workflow expression into a script", () => {
  expect(scripts.length).toBeGreaterThan(10);
  for (const script of scripts) expect(script).not.toContain("${{");
});

test("calls existing npm scripts and commands with valid arguments", async () => {
  const { scripts: known } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const script of scripts) {
    for (const [, name] of script.matchAll(/npm run (?:--silent )?([\w:-]+)/g)) {
      expect(Object.keys(known)).toContain(name);
    }
  }
  const calls = scripts.flatMap((script) =>
    [...script.matchAll(/vault-platform -- ([^\n|>]+)/g)].map(([, call]) => call.trim().split(/\s+/)),
  );
  expect(calls.map(([name]) => name).sort()).toEqual([
    "access",
    "comment",
    "deploy",
    "diff",
    "drift",
    "hardening",
  ]);
  for (const [name, ...args] of calls) {
    const { command } = (await import(`../cli/commands/${name}`)) as { command: Command | CommandGroup };
    const end = args.indexOf("||");
    const given = end < 0 ? args : args.slice(0, end);
    expect(() => parseCall(command, { prefix: "vault-platform", name }, given)).not.toThrow();
  }
});
