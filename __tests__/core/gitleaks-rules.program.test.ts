import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { holdsSecret } from "../../constructs/core/secret-texts";
import { findProgram, testUnless } from "../support/needs";

/** Rules whose expression describes more than one token, or a token of words without a form. */
const OTHERS = [
  ...["kubernetes-secret-yaml", "nuget-config-password", "curl-auth-user", "freemius-secret-key"],
  // Generated text that no program makes: base64 of no JSON, a header of no key, a host with other signs than dots.
  ...["jwt", "private-key", "slack-webhook-url"],
  // Old tokens of Vault and Square without a capital, or with nothing but hyphens at the end.
  ...["vault-service-token", "square-access-token"],
  // A commit also has 40 hexadecimal digits.
  ...["sourcegraph-access-token"],
];

function rulesFile(): string | undefined {
  const go = findProgram("go");
  if (go === undefined) return undefined;
  const cache = spawnSync(go, ["env", "GOMODCACHE"], { encoding: "utf8" }).stdout.trim();
  const version = /gitleaks\/v8@(v[\d.]+)/.exec(readFileSync("package.json", "utf8"))![1];
  const file = join(cache, "github.com/zricethezav/gitleaks", `v8@${version}`, "config/gitleaks.toml");
  return existsSync(file) ? file : undefined;
}

/** Expressions in JavaScript's syntax, by rule. Those with an anchor to the text around a token are left out. */
function formsOf(toml: string): [id: string, form: RegExp][] {
  return toml.split("[[rules]]").flatMap((rule): [string, RegExp][] => {
    const id = /^id = "([^"]+)"/m.exec(rule)?.[1];
    const go = /^regex = '''([\s\S]*?)'''/m.exec(rule)?.[1];
    // A rule that needs a keyword before the value describes a name and not a form.
    if (id === undefined || go === undefined || go.includes("[\\w.-]{0,50}?")) return [];
    const source = go
      .replace(/\(\?i\)/g, "")
      .replace(/\(\?-?[is]+:/g, "(?:")
      .replace(/\[\[:alnum:\]\]/g, "[A-Za-z0-9]")
      .replaceAll("\\x60", "`")
      .replace(/\(\?:\[`'"\\s;\]\|\\\\\[nr\]\|\$\)/g, "")
      .replaceAll("\\b", "");
    try {
      return [[id, new RegExp(`^(?:${source})$`)]];
    } catch {
      return [];
    }
  });
}

const file = rulesFile();

testUnless(file === undefined ? "gitleaks' rules are not in Go's module cache; npm run gitleaks" : undefined)(
  "finds texts of every form in gitleaks' rules, except for those that are named here",
  () => {
    let checked = 0;
    const missed = formsOf(readFileSync(file!, "utf8")).filter(([id, form]) => {
      if (OTHERS.includes(id)) return false;
      let texts: string[];
      try {
        texts = fc.sample(fc.stringMatching(form), { numRuns: 8, seed: 1 });
      } catch {
        // fast-check does not know all expressions.
        return false;
      }
      checked++;
      // One text of eight may be shorter than any token.
      return texts.filter((text) => holdsSecret("SETTING", text.trim())).length < texts.length - 1;
    });
    expect(missed.map(([id]) => id)).toEqual([]);
    expect(checked).toBeGreaterThan(80);
  },
);
