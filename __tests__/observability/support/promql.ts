import type { RuleGroup } from "../../../constructs/observability/vault-alerts";

/** Metric names in a PromQL expression. Each is followed by a selector. */
export function metricsOf(expr: string): string[] {
  return [...expr.matchAll(/([a-zA-Z_:][\w:]*)\s*\{/g)].map(([, name]) => name);
}

/** Expressions of a dashboard's panels. */
export function panelExpressions(json: string): { title: string; expr: string }[] {
  const { panels } = JSON.parse(json) as {
    panels: { title: string; targets?: { expr: string }[] }[];
  };
  return panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
}

/** Expressions of alerts. */
export function alertExpressions(groups: readonly RuleGroup[]): { title: string; expr: string }[] {
  return groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => ({ title: alert, expr })));
}
