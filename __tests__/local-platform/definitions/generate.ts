import * as fc from "fast-check";
import type { EnvironmentDefinition } from "../../../platform/schema";
import { bases } from "./bases";
import { type Path, fieldOf, leavesOf, listsOf, valueAt, withValue } from "./leaves";

/** Definition that is close to an accepted one. */
export interface Candidate {
  readonly definition: EnvironmentDefinition;
  /** Edits of the accepted definition, for the message of a failure. */
  readonly edits: readonly string[];
}

interface Edit {
  readonly path: Path;
  readonly value: unknown;
}

/** Lengths around the limits of Helm (53), DNS labels, IAM and PostgreSQL (63, 64) and DNS names (253). */
const LENGTHS = [1, 2, 20, 21, 30, 31, 47, 48, 52, 53, 54, 57, 60, 62, 63, 64, 65, 128, 129, 253, 254];

/** Fragments with a special meaning in a language between a definition and its consumer. */
const FRAGMENTS = [
  ..." \n\t-_./*+:@#?=,;'\"`\\$%0A\u00e9\u200b".split(""),
  ..."-- .. // ${x} %{x} {{x}} $$ %2F \\u002a .svc :8080 http:// 01 ]".split(" "),
];

/** Values that are valid for one kind of field and almost valid for others. */
const VALUES = [
  ..."a 1a a1 a- -a payments 0 1 007 true null yes 1e3 0x10 public default kube-system vault postgres".split(
    " ",
  ),
  ..."10.0.0.0/8 10.0.0.1/8 10.1.2.3/32 0.0.0.0/0 010.0.0.0/8 169.254.169.254/32 fd00::/8 ::/0 2001:DB8::/32".split(
    " ",
  ),
  ..."::ffff:10.0.0.0/104 10.0.0.0/33 10.0.0.0 2001:db8::1".split(" "),
  ..."db.production.svc db.production.svc.cluster.local localhost 10.0.0.5 [::1] Db.example.com db.example.com.".split(
    " ",
  ),
  ..."db_1.example.com db-.example.com 1.2.3 xn--bcher-kva.example".split(" "),
  ..."https://vault.example.com https://vault.example.com:8443 https://vault.example.com/ https://[2001:db8::10]:8200".split(
    " ",
  ),
  ..."https://u:p@vault.example.com https://vault.example.com/path https://vault.example.com?x=1 http://a.b".split(
    " ",
  ),
  ..."https://10.20.30.40:8200 https://VAULT.example.com https://login.example.com/.well-known/openid-configuration".split(
    " ",
  ),
  "0 2 * * *",
  "0 2 * * 7",
  "0 2 * * 0-6",
  "0 0 31 2 *",
  "*/7 */5 1-31/3 JAN-DEC MON",
  "60 2 * * *",
  "0 2 29 2 *",
  "0 2 * * 5-1",
  "0 2 ? * *",
  "5/15 2 * * *",
  ..."1s 59s 1m 1h 24h 25h 30d 365d 87600h 99999d 0h 1.5h 1h30m 36500d 768h 769h".split(" "),
  ..."1Mi 1Gi 10Gi 64Ti 1024Mi 0Gi 1.5Gi 16Mi 1m 1 2 500m 0.5 100 999m 4 8Gi".split(" "),
  ..."hashicorp/vault:1.21.0 ghcr.io/MyOrg/App:v1 myorg/app-:v1 localhost:5000/app:v1 a:1 registry.io/a/b/c:V_1.2-3".split(
    " ",
  ),
  `app:${"v".repeat(128)}`,
  `app:${"v".repeat(129)}`,
  `app:v1@sha256:${"a".repeat(64)}`,
  "APP:v1",
  "a__b/c:1",
  "a___b/c:1",
  ..."us-east-1 us-gov-west-1 cn-north-1 eu-central-1 us-esat-1 us-east-1d us-west-2a eu-isoe-west-1".split(
    " ",
  ),
  ..."alias/vault alias/aws/vault alias/a//b alias/ arn:aws:iam::333333333333:role/someone".split(" "),
  ..."data/x metadata/x secret/data/x x/* */x x/../y x//y x/data/y +/x".split(" "),
  ..."pg_admin vault_admin _x x$ 9x user select public".split(" "),
];

const text = (value: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...LENGTHS).map((length) => resized(value, length)) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(...FRAGMENTS), fc.nat(value.length))
        .map(([fragment, at]) => value.slice(0, at) + fragment + value.slice(at)),
    },
    {
      weight: 2,
      arbitrary: fc.nat(Math.max(0, value.length - 1)).map((at) => value.slice(0, at) + value.slice(at + 1)),
    },
    { weight: 4, arbitrary: fc.constantFrom(...VALUES) },
    { weight: 1, arbitrary: fc.constantFrom(value.toUpperCase(), `${value}${value}`, "") },
  );

/** Value of the given length. A letter is repeated before the last character, which often has a meaning. */
function resized(value: string, length: number): string {
  if (length <= value.length) return value.slice(0, length);
  return value.slice(0, -1) + "x".repeat(length - value.length) + value.slice(-1);
}

const number = (value: number): fc.Arbitrary<number> =>
  fc.constantFrom(
    0,
    1,
    2,
    3,
    5,
    7,
    value - 1,
    value + 1,
    80,
    443,
    8200,
    65_535,
    65_536,
    1000,
    1001,
    0.5,
    2 ** 31,
  );

function scalar(definition: EnvironmentDefinition, path: Path): fc.Arbitrary<Edit> {
  const value = valueAt(definition, path);
  const others = leavesOf(definition)
    .map((other) => valueAt(definition, other))
    .filter((other) => typeof other === typeof value);
  const near: fc.Arbitrary<unknown> =
    typeof value === "string" ? text(value) : typeof value === "number" ? number(value) : fc.constant(!value);
  return fc
    .oneof(
      { weight: 8, arbitrary: near },
      // Two fields with a common value can produce the same name.
      { weight: 2, arbitrary: fc.constantFrom(...others) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    )
    .map((changed) => ({ path, value: changed }));
}

/** List without one element, or with a copy of one in which another scalar is set. */
function list(definition: EnvironmentDefinition, path: Path): fc.Arbitrary<Edit> {
  const elements = valueAt(definition, path) as readonly unknown[];
  const doubled = fc.nat(elements.length - 1).chain((index) => {
    const copies = [...elements, elements[index]];
    const leaves = leavesOf(elements[index]).map((leaf) => [elements.length, ...leaf]);
    return fc
      .constantFrom(...leaves)
      .chain((leaf) => scalar(copies as never, leaf))
      .map((edit) => withValue(copies, edit.path, edit.value));
  });
  const shorter = fc.nat(elements.length - 1).map((index) => elements.filter((_element, at) => at !== index));
  return fc.oneof(doubled, shorter).map((value) => ({ path, value }));
}

const candidate: fc.Arbitrary<Candidate> = fc.constantFrom(...bases).chain((base) => {
  const edit = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...leavesOf(base)).chain((path) => scalar(base, path)) },
    { weight: 1, arbitrary: fc.constantFrom(...listsOf(base)).chain((path) => list(base, path)) },
  );
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => ({
    definition: edits.reduce((definition, { path, value }) => withValue(definition, path, value), base),
    edits: edits.map(({ path, value }) => `${fieldOf(path)} = ${JSON.stringify(value)}`),
  }));
});

/** Infinite sequence of random definitions, determined by the seed. */
export function* candidates(seed: number): Generator<Candidate> {
  for (let round = 0; ; round++) yield* fc.sample(candidate, { numRuns: 100, seed: seed + round });
}
