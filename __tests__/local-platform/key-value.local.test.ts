import { randomUUID } from "node:crypto";
import { expectAudited } from "./audit-trail";
import { SecretWriter, type Session, logInAsService, logInAsTerraform } from "./support";

const OWN = ["payment-service/test/config", "payment-service/test/some/where/deeper"];
const OTHERS = ["test-other-service/config", "payment-service-test/config", "payment-service"];
const MISSING = "test-no-service/config";

/** Unique values by path. */
const values = new Map([...OWN, ...OTHERS].map((path) => [path, randomUUID()]));

let pod: Session;
let writer: SecretWriter;

beforeAll(async () => {
  pod = await logInAsService();
  writer = await SecretWriter.arrive();
  for (const [path, value] of values) await writer.write(path, { value });
});
afterAll(async () => {
  await writer.forget(...values.keys());
  await writer.leave();
  await pod.end();
});

test.each(OWN)("returns the written value to the service: %s", async (path) => {
  const { data } = await pod.request("GET", `secret/data/${path}`);
  expect(data.data).toEqual({ value: values.get(path) });
});

test("answers 404, not 403, for a missing secret of the service", async () => {
  expect(await pod.status("GET", "secret/data/payment-service/test/missing")).toBe(404);
});

test.each([...OTHERS, MISSING])(
  "forbids the service the path %s, whether the secret exists or not",
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
])("denies the service %s %s", async (method, path) => {
  expect(await pod.status(method, path, { data: { value: "changed" }, versions: [1] })).toBe(403);
  const { data } = await pod.request("GET", `secret/data/${OWN[0]}`);
  expect(data).toMatchObject({ data: { value: values.get(OWN[0]) }, metadata: { version: 1 } });
});

test("denies Terraform read and write access", async () => {
  const terraform = await logInAsTerraform();
  expect(await terraform.status("GET", `secret/data/${OWN[0]}`)).toBe(403);
  expect(await terraform.status("POST", `secret/data/${OWN[0]}`, { data: { value: "changed" } })).toBe(403);
});

test("records the requests in both audit devices, without the value", async () => {
  await expectAudited({ value: values.get(OWN[0])!, "Vault token": pod.token });
});
