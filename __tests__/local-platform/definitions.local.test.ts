import { rmSync } from "node:fs";
import { join } from "node:path";
import { bases } from "./definitions/bases";
import { type Candidate, candidates } from "./definitions/generate";
import { startConsumers } from "./definitions/consumers";
import { fieldsOfSchema, uses } from "./definitions/leaves";
import { type Accepted, isRefusal, synthesized } from "./definitions/synthesis";
import { TerraformConsumer } from "./definitions/terraform-consumer";

/** Number of accepted definitions to try. Set `DEFINITIONS=3000` for a longer run. */
const COUNT = Number(process.env.DEFINITIONS ?? 300);
/** Seed of the random definitions. Each run uses the same one by default. */
const SEED = Number(process.env.DEFINITIONS_SEED ?? 1);
/** Number of definitions in one run of `terraform validate`. */
const BATCH = 25;
/** One in this many definitions is also planned. */
const PLANNED = 30;

interface Disagreement {
  readonly consumer: string;
  readonly edits: readonly string[];
  readonly problem: string;
}

describe(`${COUNT} random definitions that are accepted (DEFINITIONS_SEED=${SEED})`, () => {
  const disagreements: Disagreement[] = [];
  let refused = 0;
  let tried = 0;

  const of = (consumer: string) => disagreements.filter((it) => it.consumer === consumer);

  beforeAll(async () => {
    const terraform = new TerraformConsumer();
    const consumers = await startConsumers();
    /** Records each problem once, with the first definition that shows it. */
    const note = (consumer: string, { edits }: Candidate, problems: readonly string[]) => {
      for (const problem of problems) {
        if (!disagreements.some((known) => known.consumer === consumer && known.problem === problem)) {
          disagreements.push({ consumer, edits, problem });
        }
      }
    };
    try {
      const onCrash = (candidate: Candidate, error: Error) => note("schema", candidate, [error.stack!]);
      for (const batch of batches(() => refused++, onCrash)) {
        for (const [name, consumer] of Object.entries(consumers)) {
          for (const definition of batch) note(name, definition, await consumer.problemsOf(definition));
        }
        const validated = terraform.validate(batch);
        for (const [index, definition] of batch.entries()) {
          note("terraform", definition, validated[index]);
          if ((tried + index) % PLANNED === 0) note("terraform", definition, terraform.plan(definition));
        }
        tried += batch.length;
        for (const { folder } of batch) rmSync(join(folder, ".."), { recursive: true });
      }
    } finally {
      for (const consumer of Object.values(consumers)) await consumer.stop();
    }
    const without = terraform.missing.length > 0 ? `; not validated: ${terraform.missing.join(", ")}` : "";
    console.info(
      `${tried} definitions accepted, ${refused} refused, ${disagreements.length} disagreements, ` +
        `${consumers.kubernetes.count} Kubernetes objects; seed ${SEED}${without}`,
    );
  }, COUNT * 10_000);

  test("reach the requested number", () => {
    expect(tried).toBe(COUNT);
  });

  test.each([
    ["schema", "a definition is accepted or refused, and nothing crashes"],
    ["kubernetes", "the API server accepts every object"],
    ["terraform", "Terraform validates every stack and plans a sample of those of AWS"],
    ["vault", "Vault accepts every mount, policy and role, and then has what was written"],
    ["postgres", "PostgreSQL runs the SQL; read-only users read only; nobody is left after the lease"],
  ])("%s: %s", (consumer) => {
    expect(of(consumer)).toEqual([]);
  });
});

test("uses every field of a definition in the random definitions", () => {
  const unused = [...fieldsOfSchema()].filter((field) => !bases.some((base) => uses(base, field)));
  expect(unused).toEqual([]);
});

test.each(bases.map((definition, index) => [index, definition.name, definition] as const))(
  "accepts base %i of the random definitions, based on %s",
  (_index, _name, definition) => {
    const { folder, stacks } = synthesized({ definition, edits: [] });
    expect(Object.keys(stacks)).toContain(`${definition.name}-foundation`);
    rmSync(join(folder, ".."), { recursive: true });
  },
);

/** Accepted definitions in batches. */
function* batches(
  onRefusal: () => void,
  onCrash: (candidate: Candidate, error: Error) => void,
): Generator<Accepted[]> {
  let batch: Accepted[] = [];
  let count = 0;
  for (const candidate of candidates(SEED)) {
    try {
      batch.push(synthesized(candidate));
    } catch (error) {
      if (isRefusal(error)) onRefusal();
      else onCrash(candidate, error as Error);
      continue;
    }
    count++;
    if (batch.length === BATCH || count === COUNT) {
      yield batch;
      batch = [];
    }
    if (count === COUNT) return;
  }
}
