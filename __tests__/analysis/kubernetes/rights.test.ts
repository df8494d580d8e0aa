import { objectsOf } from "../../../analysis/kubernetes/objects";
import { Rbac, ruleAllows, type Request, type Subject, userOf } from "../../../analysis/kubernetes/rbac";
import { type Right, rightsOf, uncovered } from "../../../analysis/kubernetes/rights";
import { Random } from "../../access/support/random";
import { NAMESPACES, randomRbac, randomRequest } from "./support/random-rbac";

const SUBJECTS: readonly Subject[] = [
  { kind: "User", name: "alice" },
  { kind: "Group", name: "ops" },
  ...NAMESPACES.map((namespace): Subject => ({ kind: "ServiceAccount", name: "backup", namespace })),
];

const clusterOf = (random: Random) =>
  new Rbac(
    randomRbac(random).flatMap((manifest) =>
      objectsOf({ type: "kubernetes_manifest", attributes: { manifest } }),
    ),
  );

/** Whether a right contains a request. */
function contains({ verb, group, resource, name, namespace }: Right, request: Request): boolean {
  const known = (...values: (string | undefined)[]) => ({
    values: values.filter((value) => value !== undefined),
    isComplete: true,
  });
  const rule = {
    verbs: known(verb),
    apiGroups: known(group),
    resources: known(group === undefined ? undefined : resource),
    resourceNames: known(name),
    nonResourceURLs: known(group === undefined ? resource : undefined),
  };
  const isThere = namespace === undefined || ("group" in request && request.namespace === namespace);
  return isThere && ruleAllows(rule, request) === "yes";
}

function isExact({ verb, group, resource }: Right): boolean {
  return group !== undefined && ![verb, group, resource].some((part) => part.includes("*"));
}

test("contains each request that a subject can make in the later revision alone, and no right of both", () => {
  const random = new Random(7);
  let gains = 0;
  for (let round = 0; round < 60; round++) {
    const [before, after] = [clusterOf(random), clusterOf(random)];
    for (const subject of SUBJECTS) {
      const grants = (rbac: Rbac) => rightsOf(rbac, rbac.bindingsOf(subject)).grants;
      const gained = uncovered(grants(after), grants(before));
      for (let index = 0; index < 40; index++) {
        const request = randomRequest(random);
        const [was, is] = [before, after].map((rbac) => rbac.can(userOf(subject), request));
        if (was !== "no" || is !== "yes") continue;
        gains++;
        expect({ request, isFound: gained.some((right) => contains(right, request)) }).toEqual({
          request,
          isFound: true,
        });
      }
      for (const right of gained.filter(isExact).slice(0, 20)) {
        const [resource, subresource] = right.resource.split("/");
        const { verb, group = "", name = "another", namespace } = right;
        const request = { verb, group, resource, subresource, name, namespace };
        expect({ right, before: before.can(userOf(subject), request) }).toEqual({ right, before: "no" });
      }
      expect(uncovered(grants(before), [...grants(before), ...grants(after)])).toEqual([]);
    }
  }
  expect(gains).toBeGreaterThan(500);
});
