import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Json, blocksOf } from "../../analysis/terraform/blocks";
import { environmentFrom } from "../../analysis/terraform/model";
import { StackEvaluator } from "../../analysis/terraform/stack-evaluator";
import { describeWithPrograms, programPath } from "../support/needs";
import { DEFINITIONS, EXPRESSIONS } from "./support/expressions";

/** Applies a configuration without providers in an empty folder, and returns the state. */
function apply(configuration: object): { outputs: Record<string, { value: unknown }>; resources: Json[] } {
  const folder = mkdtempSync(join(tmpdir(), "expressions-"));
  try {
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration));
    const terraform = programPath("terraform");
    for (const args of [["init"], ["apply", "-auto-approve"]])
      execFileSync(terraform, [...args, "-no-color", "-input=false"], { cwd: folder, stdio: "pipe" });
    return JSON.parse(readFileSync(join(folder, "terraform.tfstate"), "utf8")) as ReturnType<typeof apply>;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describeWithPrograms("terraform")("the real Terraform", () => {
  it("evaluates all expressions to the values of the table", () => {
    const named = EXPRESSIONS.map(([text], index): [string, unknown] => [`expression${index}`, [text]]);
    const { outputs } = apply({
      ...DEFINITIONS,
      locals: { ...DEFINITIONS.locals, ...Object.fromEntries(named) },
      output: Object.fromEntries(
        named.map(([name]) => [name, { value: `\${jsonencode(local.${name})}`, sensitive: true }]),
      ),
    });
    const evaluator = new StackEvaluator(blocksOf(DEFINITIONS));

    for (const [index, [text, expected]] of EXPRESSIONS.entries()) {
      const [value] = JSON.parse(outputs[`expression${index}`].value as string) as unknown[];
      expect([text, value]).toEqual([text, expected]);
      expect([text, evaluator.evaluate(text)]).toEqual([text, expected]);
    }
    expect(EXPRESSIONS.length).toBeGreaterThan(200);
  }, 120_000);

  it("makes the objects that the model has, with the same addresses and values", () => {
    const configuration = {
      locals: { names: ["a", "b"], map: { x: "1", y: "2" }, none: [] },
      resource: {
        terraform_data: {
          Single: { input: "single" },
          None: { count: 0, input: "none" },
          NoneEither: { for_each: "${toset(local.none)}", input: "none" },
          Two: { count: "${length(local.names)}", input: "${local.names[count.index]}" },
          Set: { for_each: "${toset(local.names)}", input: "${each.key}=${each.value}" },
          Map: { for_each: "${local.map}", input: "${each.key}=${each.value}" },
          Conditional: { count: '${contains(local.names, "a") ? 1 : 0}', input: "yes" },
          ReadsOne: { input: "${terraform_data.Two[1].output}" },
          ReadsKey: { input: '${terraform_data.Map["y"].input}' },
          ReadsAll: { input: '${join(",", terraform_data.Two[*].input)}' },
          ReadsValues: { input: '${join(",", [for k, v in terraform_data.Map : v.input])}' },
          ReadsNone: { input: "${length(terraform_data.None)}" },
        },
      },
    };
    const { resources: applied } = apply(configuration);
    const made = applied.flatMap(({ type, name, instances }) =>
      (instances as { index_key?: unknown; attributes: { input: { value: unknown } } }[]).map(
        (instance): [string, unknown] => {
          const key = instance.index_key === undefined ? "" : `[${JSON.stringify(instance.index_key)}]`;
          return [`${String(type)}.${String(name)}${key}`, instance.attributes.input.value];
        },
      ),
    );
    const { resources } = environmentFrom("test", [{ name: "test", json: configuration }]);

    expect(made).toHaveLength(13);
    expect(Object.fromEntries(resources.map(({ address, values }) => [address, values.input]))).toEqual(
      Object.fromEntries(made),
    );
  }, 120_000);
});
