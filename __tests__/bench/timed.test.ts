import { tmpdir } from "node:os";
import { measure } from "../../bench/measure";
import { timed } from "../../bench/timed";

const options = { cwd: tmpdir(), env: process.env };

test("a program's time is told, with what it printed", async () => {
  const { seconds, cpu, stdout } = await timed("sh", ["-c", "sleep 0.2; echo 'two words'"], options);
  expect(stdout).toBe("two words\n");
  expect(seconds).toBeGreaterThanOrEqual(0.2);
  expect(cpu).toBeLessThan(seconds);
});

test("the time of a failure is no figure: the program's own words are the error", async () => {
  await expect(timed("sh", ["-c", "echo 'no room' >&2; exit 3"], options)).rejects.toThrow(
    /^sh -c .* failed:\nno room$/,
  );
  await expect(measure(["-e", "throw new Error('no room')"], { ...options, runs: 1 })).rejects.toThrow(
    "no room",
  );
});
