import { tmpdir } from "node:os";
import { measure } from "../../bench/measure";
import { timed } from "../../bench/timed";

const options = { cwd: tmpdir(), env: process.env };

test("returns duration, CPU time and output of a program", async () => {
  const { seconds, cpu, stdout } = await timed("sh", ["-c", "sleep 0.2; echo 'two words'"], options);
  expect(stdout).toBe("two words\n");
  expect(seconds).toBeGreaterThanOrEqual(0.2);
  expect(cpu).toBeLessThan(seconds);
});

test("rejects with the output of a program that fails", async () => {
  await expect(timed("sh", ["-c", "echo 'no room' >&2; exit 3"], options)).rejects.toThrow(
    /^sh -c .* failed:\nno room$/,
  );
  await expect(measure(["-e", "throw new Error('no room')"], { ...options, runs: 1 })).rejects.toThrow(
    "no room",
  );
});
