import { renderColumns } from "./table";
import { describeReasons } from "./describe";
import { type Format, plural, printJson } from "./format";
import { code, escapeMarkdown, markdownTable } from "./markdown";
import { capabilitiesOf, describeReason } from "./render-map";
import { type Answer, type Answers, isUnknown } from "./who-can";

/** Renders the identities that have access to a path. */
export function renderAnswers(answers: Answers, format: Format): string {
  const { capability, path, can, unknown } = answers;
  const isOne = can.length === 1;
  const [one, many] =
    capability === undefined
      ? ["has access to", "have access to"]
      : [`can ${capability}`, `can ${capability}`];
  const count = `${plural(can.length, "identity", "identities")} ${isOne ? one : many} ${path}`;
  const doubts = unknown.map(
    ({ environment, of }) =>
      `${environment}: ${of.identity.key} may, too: ${
        isUnknown(of.identity.namespace)
          ? "Terraform alone knows its namespace"
          : `of its policy ${of.unknown[0].name} nothing is known`
      }`,
  );
  const head = ["environment", "identity", "by", "capabilities", "why"];
  switch (format) {
    case "json":
      return printJson({
        capability,
        path,
        can: can.map(describeAnswer),
        unknown: unknown.map(({ environment, of }) => ({
          environment,
          identity: of.identity.key,
          policies: of.unknown,
        })),
      });
    case "markdown": {
      const rows = can.map((answer) => {
        const [environment, identity, by, capabilities, why] = rowOf(answer);
        return [
          escapeMarkdown(environment),
          code(identity),
          code(by),
          escapeMarkdown(capabilities),
          escapeMarkdown(why),
        ];
      });
      const table = rows.length > 0 ? ["", ...markdownTable(head, rows)] : [];
      return [
        `### Who ${escapeMarkdown(`${one} ${path}`)}`,
        "",
        escapeMarkdown(count),
        ...table,
        ...doubts.map((doubt) => `- ${escapeMarkdown(doubt)}`),
      ].join("\n");
    }
    case "table":
      return [
        count,
        ...(can.length > 0 ? ["", renderColumns([head, ...can.map(rowOf)])] : []),
        ...doubts,
      ].join("\n");
  }
}

function rowOf({ environment, of, pattern, permissions, condition, why }: Answer): string[] {
  const reasons = permissions ? describeReasons(why).join("; ") : "policy root";
  return [
    environment,
    `${of.identity.key} (${of.identity.subject})`,
    pattern ?? "everything",
    permissions ? capabilitiesOf({ permissions }) : "root",
    condition === undefined ? reasons : `if ${condition}; ${reasons}`,
  ];
}

function describeAnswer({ environment, of, pattern, permissions, condition, why }: Answer) {
  return {
    environment,
    identity: of.identity.key,
    subject: of.identity.subject,
    pattern: pattern ?? "*",
    capabilities: permissions?.capabilities ?? ["root"],
    ...(condition !== undefined && { condition }),
    why: why.map(describeReason),
  };
}
