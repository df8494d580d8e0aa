import { refusedSecrets } from "../support/refused-secrets";
import { examples } from "./examples";
import { pathsOf, valueAt, withValue } from "./examples/paths";
import { World } from "./examples/world";

const all = [...examples].map(([title, example]) => {
  const world = new World();
  return { title, example, world, args: example.args(world) };
});

test.each(refusedSecrets.texts)("no error of a construct repeats the secret in %j", (text) => {
  const shown: string[] = [];
  let refused = 0;
  for (const { title, example, world, args } of all) {
    for (const path of pathsOf(args)) {
      const isText = typeof valueAt(args, path) === "string";
      for (const other of isText ? [text] : [text, [text], { [text]: text }]) {
        try {
          example.call(world, withValue(args, path, other) as unknown[]);
        } catch (error) {
          refused++;
          const { message } = error as Error;
          if (refusedSecrets.isShown(message)) shown.push(`${title} ${path.join(".")}: ${message}`);
        }
      }
    }
  }
  expect(shown).toEqual([]);
  expect(refused).toBeGreaterThan(100);
});
