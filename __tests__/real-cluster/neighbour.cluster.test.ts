import { kubectl, pods, get } from "./support/kubernetes";
import { describeUnless } from "../support/needs";
import { environment } from "./support/platform";

const [namespace] = environment.kubernetes.existingNamespaces;

const missing = namespace ? undefined : "no namespace of others in CLUSTER_SETTINGS";

describeUnless(missing)("a namespace that was there before", () => {
  test("keeps the connections of its pods", () => {
    const [pod] = pods(namespace, "app=till");
    const [server] = pods("vault", "app.kubernetes.io/name=vault,component=server");
    expect(Date.parse(pod.status.startTime)).toBeLessThan(Date.parse(server.status.startTime));
    const said = kubectl("-n", namespace, "logs", pod.metadata.name).trim().split("\n");
    const connected = said.slice(said.indexOf("reached"));
    expect(connected.length).toBeGreaterThan(60);
    expect(connected).not.toContain("lost");
  });

  test("gets no network policy of the platform", () => {
    expect(get(namespace, "networkpolicies").items).toEqual([]);
  });
});
