import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { takeLock, withLock } from "../../local/lock";
import { ownIdentity } from "../../local/process-identity";

jest.setTimeout(120_000);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lock-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const lock = () => join(folder, "lock");

/** Process that tries to take the lock, prints the result, and holds the lock until it is ended. */
function contender(): { child: ChildProcess; says: Promise<string> } {
  const script = `require(${JSON.stringify(resolve(__dirname, "../../local/lock"))})
    .takeLock(${JSON.stringify(lock())})
    .then(() => { console.log("taken"); setInterval(() => {}, 1000); }, (error) => console.log(error.message));`;
  const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", script]);
  const says = new Promise<string>((done) => {
    child.stdout.once("data", (data) => done(String(data).trim()));
    child.stderr.once("data", (data) => done(String(data)));
  });
  return { child, says };
}

const ended = (child: ChildProcess) =>
  new Promise((done) => ((child.exitCode ?? child.signalCode) !== null ? done(0) : child.once("exit", done)));

test("names the process that holds the lock", async () => {
  const release = await takeLock(lock());
  await expect(takeLock(lock(), { holder: "another npm run local" })).rejects.toThrow(
    `Nothing was started: another npm run local is at work (process ${process.pid}).`,
  );
  release();
  expect(existsSync(lock())).toBe(false);
});

test("frees the lock of a holder that was killed", async () => {
  const { child, says } = contender();
  expect(await says).toBe("taken");
  child.kill("SIGKILL");
  await ended(child);
  expect(existsSync(lock())).toBe(true);
  (await takeLock(lock()))();
});

test("frees the lock if another process has its holder's id", async () => {
  writeFileSync(lock(), JSON.stringify({ ...ownIdentity(), started: "earlier" }));
  (await takeLock(lock()))();
});

test("gives a stale lock to exactly one of many contenders", async () => {
  writeFileSync(lock(), JSON.stringify({ ...ownIdentity(), started: "earlier" }));
  const contenders = Array.from({ length: 6 }, contender);
  const answers = await Promise.all(contenders.map(({ says }) => says));
  const winner = contenders[answers.indexOf("taken")];
  expect(answers.filter((text) => text === "taken")).toHaveLength(1);
  const others = answers.filter((text) => text !== "taken");
  expect(new Set(others)).toEqual(
    new Set([`Nothing was started: another run is at work (process ${winner.child.pid}).`]),
  );
  contenders.forEach(({ child }) => child.kill("SIGKILL"));
  await Promise.all(contenders.map(({ child }) => ended(child)));
});

test("keeps the lock of another machine's process and names the file to delete", async () => {
  writeFileSync(lock(), JSON.stringify({ ...ownIdentity(), host: "other-machine pid:[1]" }));
  await expect(takeLock(lock())).rejects.toThrow(
    `another run may be at work (process ${process.pid} on other-machine). If it has ended, delete ${lock()}.`,
  );
});

test.each(["", "{"])("frees an old lock that was written without its holder's name: %j", async (text) => {
  writeFileSync(lock(), text);
  await expect(takeLock(lock())).rejects.toThrow("another run is at work (process unknown)");
  utimesSync(lock(), 1, 1);
  (await takeLock(lock()))();
});

test("waits for the lock and reports its holder once", async () => {
  const release = await takeLock(lock());
  const told = jest.fn();
  const work = withLock(lock(), told, async () => readFileSync(lock(), "utf8"));
  await new Promise((later) => setTimeout(later, 700));
  expect(told.mock.calls).toEqual([[process.pid]]);
  release();
  expect(JSON.parse(await work)).toEqual(ownIdentity());
  expect(existsSync(lock())).toBe(false);
});
