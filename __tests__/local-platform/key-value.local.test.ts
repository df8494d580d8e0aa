import { randomUUID } from "node:crypto";
import { expectAudited } from "./audit-trail";
import { SecretKeeper, type Session, logInAsService, logInAsTerraform } from "./support";

const OWN = ["payment-service/test/config", "payment-service/test/some/where/deeper"];
const OTHERS = ["test-other-service/config", "payment-service-test/config", "payment-service"];
const MISSING = "test-no-service/config";

/** Unique values by path. */
const values = new Map([...OWN, ...OTHERS].map((path) => [path, randomUUID()]));

let pod: Session;
let keeper: SecretKeeper;

beforeAll(async () => {
  pod = await logInAsService();
  keeper = await SecretKeeper.arrive();
  for (const [path, value] of values) await keeper.write(path, { value });
});
afterAll(async () => {
  await keeper.forget(...values.keys());
  await keeper.leave();
  await pod.end();
});

test.each(OWN)("the service reads %s, as a person has written it", async (path) => {
  const { data } = await pod.request("GET", `secret/data/${path}`);
  expect(data.data).toEqual({ value: values.get(path) });
});

test("a secret of its own that is not there is missing and not forbidden", async () => {
  expect(await pod.status("GET", "secret/data/payment-service/test/missing")).toBe(404);
});

test.each([...OTHERS, MISSING])(
  "%s is forbidden to it, and it cannot tell whether that is there",
  async (path) => {
    expect(await pod.status("GET", `secret/data/${path}`)).toBe(403);
    expect(await pod.status("GET", `secret/metadata/${path}`)).toBe(403);
  },
);

test.each([
  ["POST", `secret/data/${OWN[0]}`],
  ["DELETE", `secret/data/${OWN[0]}`],
  ["GET", `secret/metadata/${OWN[0]}`],
  ["DELETE", `secret/metadata/${OWN[0]}`],
  ["LIST", "secret/metadata/payment-service"],
  ["LIST", "secret/metadata"],
  ["PUT", `secret/destroy/${OWN[0]}`],
  ["PUT", `secret/delete/${OWN[0]}`],
])("the service may not %s %s", async (method, path) => {
  expect(await pod.status(method, path, { data: { value: "changed" }, versions: [1] })).toBe(403);
  const { data } = await pod.request("GET", `secret/data/${OWN[0]}`);
  expect(data).toMatchObject({ data: { value: values.get(OWN[0]) }, metadata: { version: 1 } });
});

test("Terraform, which may everything else, neither reads nor writes it", async () => {
  const terraform = await logInAsTerraform();
  expect(await terraform.status("GET", `secret/data/${OWN[0]}`)).toBe(403);
  expect(await terraform.status("POST", `secret/data/${OWN[0]}`, { data: { value: "changed" } })).toBe(403);
});

test("every request of these tests is in the log of both audit devices, and no value", async () => {
  await expectAudited({ value: values.get(OWN[0])!, "Vault token": pod.token });
});
