import { statusesOf } from "../../../analysis/coverage/coverage";
import { INERT } from "../../../analysis/coverage/common";
import { coverageKey, coverageOf, creationOf, PROVIDERS, statusOf } from "../../../analysis/coverage/status";
import { providerTypes } from "./support/provider-types";

const types = providerTypes();
const unread = new Set(Object.values(PROVIDERS).flatMap((provider) => provider.unread));

describe("coverage of the providers' types", () => {
  it("lists every type", () => {
    const missing = types.filter(
      ({ kind, type }) => !coverageOf(kind, type) && !unread.has(coverageKey(kind, type)),
    );
    expect(missing.map(({ kind, type }) => coverageKey(kind, type))).toEqual([]);
  });

  it("lists every attribute, the creation and the removal of a type that is not unread as a whole", () => {
    const missing = types.flatMap(({ kind, type, attributes }) => {
      const coverage = coverageOf(kind, type);
      if (!coverage) return [];
      const listed = statusesOf(coverage);
      const isListed = (name: string) => listed.has(name) || listed.has("*") || Object.hasOwn(INERT, name);
      return ["+", "-", ...attributes.keys()]
        .filter((name) => !isListed(name) && !(name === "+" && listed.has("+*")))
        .map((name) => `${coverageKey(kind, type)}.${name}`);
    });
    expect(missing).toEqual([]);
  });

  it("lists no type and no attribute that a provider does not have", () => {
    const known = new Map<string, Set<string>>();
    for (const { kind, type, attributes } of types) {
      const key = coverageKey(kind, type);
      known.set(key, new Set([...(known.get(key) ?? []), ...attributes.keys()]));
    }
    const outdated = Object.values(PROVIDERS).flatMap((provider) => [
      ...provider.unread.filter((key) => !known.has(key)),
      ...Object.entries(provider.types).flatMap(([key, coverage]) =>
        [...statusesOf(coverage).keys()]
          .map((path) => path.replace(/^\+(?=.)/, "").split(".")[0])
          .filter(
            (name) => !["+", "-", "*", "count", "lifecycle"].includes(name) && !known.get(key)?.has(name),
          )
          .map((name) => `${key}.${name}`),
      ),
    ]);
    expect(outdated).toEqual([]);
  });

  it("lists each type, and each attribute of it, once", () => {
    const twice = Object.values(PROVIDERS).flatMap((provider) => [
      ...provider.unread.filter(
        (key, index) => Object.hasOwn(provider.types, key) || provider.unread.indexOf(key) !== index,
      ),
      ...Object.entries(provider.types).flatMap(
        ([key, { read, inert = {}, operation, code, unread: rest }]) => {
          const all = [read, ...Object.values(inert), operation, code, rest].flatMap((names) => names ?? []);
          return all.filter((name, index) => all.indexOf(name) !== index).map((name) => `${key}.${name}`);
        },
      ),
    ]);
    expect(twice).toEqual([]);
  });
});

describe("status of an attribute", () => {
  it("is that of the longest path in the tables", () => {
    const at = (path: string) => statusOf("resource", "kubernetes_cron_job_v1", path);

    expect(at("spec.job_template.spec.template.spec.container.image")).toBe("read");
    expect(at("spec.schedule")).toBe("operation");
    expect(at("spec.job_template.spec.template.spec.automount_service_account_token")).toBe("unread");
    expect(at("metadata.labels.app")).toBe("inert");
  });

  it("is unread for a type and an attribute that no table has", () => {
    expect(statusOf("resource", "vault_of_tomorrow", "path")).toBe("unread");
    expect(statusOf("resource", "vault_mount", "attribute_of_tomorrow")).toBe("read");
    expect(statusOf("resource", "vault_pki_secret_backend_role", "attribute_of_tomorrow")).toBe("read");
    expect(creationOf("ephemeral", "vault_of_tomorrow")).toEqual({ status: "unread", isWhole: true });
  });
});
