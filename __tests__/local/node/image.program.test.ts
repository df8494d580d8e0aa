import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildImage, fullName, imagePlaces } from "../../../local/node/image";
import { freePort } from "../../../local/ports";

const folder = mkdtempSync(join(tmpdir(), "images-"));
let registry: ChildProcess;
let address: string;

beforeAll(async () => {
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  const program = join(__dirname, "../../../local/node/registry.ts");
  registry = spawn(process.execPath, ["--import", "tsx", program, folder, "127.0.0.1", String(port)]);
  for (let attempt = 0; attempt < 200; attempt++) {
    const up = await fetch(`${address}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error("the registry did not start");
}, 30_000);

afterAll(() => {
  registry.kill();
  rmSync(folder, { recursive: true });
});

const recipe = {
  name: "example/tool:1.0.0",
  programs: { "/bin/tool": process.execPath },
  scripts: { "/bin/start": "#!/bin/sh\nexec tool\n" },
  texts: { "/etc/passwd": "root:x:0:0:root:/:/bin/sh\n" },
  links: { "/bin/other": "tool" },
  entrypoint: ["/bin/start"],
  user: "100",
};

test("expands an image name with its registry, as container runtimes do", () => {
  expect(fullName("busybox:1")).toBe("docker.io/library/busybox:1");
  expect(fullName("hashicorp/vault:1.21.0")).toBe("docker.io/hashicorp/vault:1.21.0");
  expect(fullName("quay.io/jetstack/cert-manager-webhook:v1")).toBe(
    "quay.io/jetstack/cert-manager-webhook:v1",
  );
  expect(fullName("localhost:5000/a:1")).toBe("localhost:5000/a:1");
});

test("serves an image by name and digest, with the layer of its recipe", async () => {
  const digest = await buildImage(recipe, folder);
  writeFileSync(imagePlaces(folder).index, JSON.stringify({ [fullName(recipe.name)]: digest }));

  const answer = await fetch(`${address}/v2/example/tool/manifests/1.0.0?ns=docker.io`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("docker-content-digest")).toBe(digest);
  const manifest = (await answer.json()) as { config: { digest: string }; layers: { digest: string }[] };
  const blob = (of: string) => join(imagePlaces(folder).blobs, of.replace("sha256:", ""));
  const { config } = JSON.parse(readFileSync(blob(manifest.config.digest), "utf8"));
  expect(config).toMatchObject({ User: "100", Entrypoint: ["/bin/start"] });

  const layer = await fetch(`${address}/v2/example/tool/blobs/${manifest.layers[0].digest}?ns=docker.io`, {
    method: "HEAD",
  });
  expect(Number(layer.headers.get("content-length"))).toBe(statSync(blob(manifest.layers[0].digest)).size);
  const { stdout } = spawnSync("tar", ["-tvf", blob(manifest.layers[0].digest)], { encoding: "utf8" });
  expect(stdout).toMatch(/^-rwxr-xr-x 0\/0 .*\.\/bin\/start$/m);
  expect(stdout).toMatch(/^lrwxrwxrwx 0\/0 .*\.\/bin\/other -> tool$/m);
  expect(stdout).toMatch(/^-rw-r--r-- 0\/0 .*\.\/etc\/passwd$/m);
});

test("builds the same image from the same parts", async () => {
  expect(await buildImage(recipe, folder)).toBe(await buildImage(recipe, folder));
});

test("answers 404 for images and blobs that the registry lacks", async () => {
  for (const path of [
    "example/tool/manifests/1.0.0?ns=quay.io",
    "example/tool/manifests/2.0.0?ns=docker.io",
    `example/tool/blobs/sha256:${"0".repeat(64)}`,
    "example/tool/blobs/sha256:../../index.json",
  ]) {
    expect((await fetch(`${address}/v2/${path}`)).status).toBe(404);
  }
});
