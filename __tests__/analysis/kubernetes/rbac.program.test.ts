import { objectsOf } from "../../../analysis/kubernetes/objects";
import { Rbac, type Request, type User } from "../../../analysis/kubernetes/rbac";
import { Random } from "../../access/support/random";
import { describeUnless } from "../../support/needs";
import { KubernetesApi, missingControlPlane } from "../../support/servers/kubernetes-api";
import { type ApiObject, NAMESPACES, randomRbac, randomRequest, randomUser } from "./support/random-rbac";
import { typed } from "./support/typed";

const CASES = 12_000;
const API = "/apis/rbac.authorization.k8s.io/v1";

describeUnless(missingControlPlane())("RBAC of a real API server", () => {
  let api: KubernetesApi;

  beforeAll(async () => {
    api = await KubernetesApi.start();
  });
  afterAll(() => api.stop());

  test("allows each of 12,000 random requests that the evaluation allows, and no other", async () => {
    const random = new Random(20);
    const objects = randomRbac(random);
    await install(api, objects);
    const sources = objects.map((object) => (random.chance(0.5) ? typed(object) : manifest(object)));
    const rbac = new Rbac(sources.flatMap(objectsOf));
    const cases = random.times(CASES, () => ({ user: randomUser(random), request: randomRequest(random) }));
    const differences: object[] = [];
    let [allowed, unknown] = [0, 0];

    await inParallel(32, cases, async ({ user, request }) => {
      const isAllowed = await review(api, user, request);
      if (isAllowed) allowed++;
      const answer = rbac.can(user, request);
      if (answer === "unknown") unknown++;
      else if (answer !== (isAllowed ? "yes" : "no")) differences.push({ user, request, isAllowed, answer });
    });

    expect(differences.slice(0, 5)).toEqual([]);
    expect(unknown).toBe(0);
    expect(allowed).toBeGreaterThan(CASES / 10);
    expect(allowed).toBeLessThan((CASES * 9) / 10);
  });
});

function manifest(object: ApiObject) {
  return { type: "kubernetes_manifest", attributes: { manifest: object } };
}

async function install(api: KubernetesApi, objects: readonly ApiObject[]): Promise<void> {
  for (const name of NAMESPACES.filter((namespace) => namespace !== "default")) {
    await api.send("POST", "/api/v1/namespaces", { metadata: { name } });
  }
  for (const object of objects) {
    const { namespace } = object.metadata;
    const plural = `${object.kind.toLowerCase()}s`;
    await api.send("POST", `${API}${namespace ? `/namespaces/${namespace}` : ""}/${plural}`, object);
  }
  await settled(api);
}

/** Waits until no ClusterRole has changed for two seconds: the controller has aggregated them. */
async function settled(api: KubernetesApi): Promise<void> {
  let last = "";
  for (;;) {
    const now = JSON.stringify(((await api.send("GET", `${API}/clusterroles`)) as { items: unknown }).items);
    if (now === last) return;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

async function review(api: KubernetesApi, { name, groups }: User, request: Request): Promise<boolean> {
  const spec = {
    user: name,
    groups,
    ...("path" in request ? { nonResourceAttributes: request } : { resourceAttributes: request }),
  };
  const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
  const answer = (await api.send("POST", path, { spec })) as { status: { allowed: boolean } };
  return answer.status.allowed;
}

async function inParallel<T>(
  count: number,
  items: readonly T[],
  run: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of queue) await run(item);
  };
  await Promise.all(Array.from({ length: count }, worker));
}
