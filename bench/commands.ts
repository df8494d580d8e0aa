import { services, type OneStack } from "./one-stack";
import type { Platform } from "./platform";
import { RESOURCES } from "./sizes";
import { RANGE, type Table, range, ratio } from "./table";
import { meanCpu, seconds } from "./timed";
import { VaultCli } from "./vault-cli";

interface Props {
  readonly many: number;
  readonly runs: number;
  /** Results of Terraform for the same services: first for one service, then for `many`. */
  readonly terraform: readonly OneStack[];
}

/** Measures the writes of Terraform, done by the vault command. */
export async function commandTable(platform: Platform, { many, runs, terraform }: Props): Promise<Table> {
  const cli = await VaultCli.logIn(platform);
  const cases = [
    { count: 1, atOnce: 1, runs, by: terraform[0] },
    { count: many, atOnce: 1, runs: 1, by: terraform[1] },
    { count: many, atOnce: 10, runs: 1, by: terraform[1] },
  ];
  const rows: string[][] = [];
  for (const { by, ...props } of cases) {
    const times = await cli.measure(props);
    // A user runs terraform apply, which plans first.
    const whole = by.applies.map((it, run) => it.seconds + by.plans[run].seconds);
    rows.push([
      `${services(props.count)}, ${props.count * RESOURCES} writes, ${props.atOnce === 1 ? "one after the other" : `${props.atOnce} at once`}`,
      ...range(seconds(times)),
      meanCpu(times),
      ratio(seconds(times), whole),
      String(times.length),
    ]);
  }
  return {
    title: "The same writes by the vault command",
    notes: [
      `Wall time in seconds. Each write is a separate process, so the time of more services is in proportion: they are not measured. The command compares nothing with what is there and forgets nothing that has gone.`,
    ],
    columns: ["what", ...RANGE, "CPU s", "of Terraform's plan and apply", "runs"],
    rows,
  };
}
