import { GithubTeam } from "@cdktf/provider-vault/lib/github-team";
import { Mount } from "@cdktf/provider-vault/lib/mount";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import type { TerraformStack } from "cdktf";
import { accessMap } from "../../access/access-map";
import { renderAnswers } from "../../access/render-answers";
import { kvPathOf, whoCan } from "../../access/who-can";
import type { VaultCapability } from "../../constructs/policy/vault-policy";
import { platform } from "./support/platform";

const rule = (path: string, ...capabilities: string[]) =>
  `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }\n`;

/** Teams with one policy each, by name. */
const teams = (policies: Readonly<Record<string, string>>) => (stack: TerraformStack) => {
  for (const [name, policy] of Object.entries(policies)) {
    new Policy(stack, `${name}-policy`, { name, policy });
    new GithubTeam(stack, name, { team: name, policies: [name] });
  }
};

const ask = (policies: Readonly<Record<string, string>>, capability: VaultCapability, path: string) =>
  whoCan([accessMap(platform(teams(policies)))], capability, path);

const names = ({ can }: ReturnType<typeof whoCan>) => can.map(({ of }) => of.identity.name);

describe("who can do something on a path", () => {
  it("is whoever Vault would let, by the pattern that it goes by", () => {
    const answers = ask(
      {
        exact: rule("secret/data/app/config", "read"),
        prefix: rule("secret/data/*", "read"),
        segment: rule("secret/data/+/config", "read"),
        denied: rule("secret/data/*", "read") + rule("secret/data/app/*", "deny"),
        narrower: rule("secret/data/*", "read") + rule("secret/data/app/config", "list"),
        other: rule("secret/data/other/*", "read"),
      },
      "read",
      "secret/data/app/config",
    );

    expect(names(answers)).toEqual(["exact", "prefix", "segment"]);
    expect(answers.can.map(({ pattern }) => pattern)).toEqual([
      "secret/data/app/config",
      "secret/data/*",
      "secret/data/+/config",
    ]);
  });

  it("is told apart for a list, which looks past the slash at the end", () => {
    const policies = { app: rule("secret/metadata/app", "list", "read") };

    expect(names(ask(policies, "list", "secret/metadata/app/"))).toEqual(["app"]);
    expect(names(ask(policies, "read", "secret/metadata/app/"))).toEqual([]);
  });

  it("depends on what a template stands for", () => {
    const answers = ask(
      {
        everyone: rule("secret/data/{{identity.entity.name}}/*", "read"),
        always: rule("secret/data/{{identity.entity.name}}/*", "read") + rule("secret/data/app/*", "read"),
        never:
          rule("secret/data/{{identity.entity.name}}/*", "read") + rule("secret/data/app/config", "deny"),
      },
      "read",
      "secret/data/app/config",
    );

    expect(answers.can.map(({ of, condition }) => [of.identity.name, condition])).toEqual([
      ["always", undefined],
      ["everyone", "{{identity.entity.name}} is app"],
    ]);
    expect(answers.can[1].pattern).toBe("secret/data/{{identity.entity.name}}/*");
  });

  it("is the policy root, and whoever has a policy that no identity in the code has", () => {
    const map = accessMap(
      platform((stack) => {
        new GithubTeam(stack, "Ops", { team: "ops", policies: ["root"] });
        new Policy(stack, "Lone", { name: "lone", policy: rule("sys/seal", "sudo") });
      }),
    );

    expect(whoCan([map], "sudo", "/sys/seal").can.map(({ of }) => of.identity.subject)).toEqual([
      "group ops",
      "whoever has the policy lone",
    ]);
  });

  it("names those of whom nothing is known", () => {
    const answers = ask({ broken: 'path "', app: rule("a", "read") }, "read", "a");

    expect(answers.unknown.map(({ of }) => of.identity.name)).toEqual(["broken"]);
    expect(renderAnswers(answers, "table")).toContain("auth/github group broken may, too");
  });

  it.each(["table", "markdown", "json"] as const)("is printed as %s", (format) => {
    const answers = ask(
      { app: rule("secret/data/{{identity.entity.name}}/*", "read") },
      "read",
      "secret/data/app/x",
    );

    expect(renderAnswers(answers, format)).toMatchSnapshot();
  });

  it("hints at the path that the API of a KV store has", () => {
    const environment = platform((stack) => {
      new Mount(stack, "Kv", { path: "secret", type: "kv", options: { version: "2" } });
      new Mount(stack, "Old", { path: "old", type: "kv", options: { version: "1" } });
    });

    expect(kvPathOf([environment], "secret/app/config")).toBe("secret/data/app/config");
    expect(kvPathOf([environment], "secret/data/app/config")).toBeUndefined();
    expect(kvPathOf([environment], "old/app")).toBeUndefined();
  });
});
