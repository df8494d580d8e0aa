import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Consumers, startConsumers } from "./definitions/consumers";
import { shapes } from "./definitions/shapes";
import { synthesized } from "./definitions/synthesis";
import { TerraformConsumer } from "./definitions/terraform-consumer";

describe("every consumer of a definition", () => {
  let consumers: Consumers;
  const terraform = new TerraformConsumer();

  beforeAll(async () => {
    consumers = await startConsumers();
  });

  afterAll(async () => {
    for (const consumer of Object.values(consumers)) await consumer.stop();
  });

  test.each(Object.entries(shapes))("accepts %s", async (_shape, definition) => {
    const written = synthesized({ definition, edits: [] });
    try {
      const problems: Record<string, readonly string[]> = {
        validate: terraform.validate([written])[0],
        plan: terraform.plan(written),
      };
      for (const [name, consumer] of Object.entries(consumers)) {
        problems[name] = await consumer.problemsOf(written);
      }
      expect(problems).toEqual({ validate: [], plan: [], kubernetes: [], vault: [], postgres: [] });
    } finally {
      rmSync(join(written.folder, ".."), { recursive: true });
    }
  });
});
