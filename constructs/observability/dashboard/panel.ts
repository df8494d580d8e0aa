/** Time over which rates are taken, as in the alerts. */
export const WINDOW = "5m";

/** What is drawn of one PromQL expression. */
export interface Query {
  readonly expr: string;
  /** Name of its line, with labels as `{{pod}}`. */
  readonly legend: string;
}

/** Units of Grafana that the panels use. */
export type Unit = "short" | "percentunit" | "ms" | "s" | "bytes" | "reqps" | "bool_yes_no";

/** From which value on a colour holds; the first one has no `from`. */
export interface Step {
  readonly color: "green" | "orange" | "red";
  readonly from?: number;
}

/** One panel: a number of this moment (`stat`), or lines over time (`timeseries`). */
export interface Panel {
  readonly kind: "stat" | "timeseries";
  readonly title: string;
  /** What is good and what is not; shown when the pointer rests on the panel. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** @default - one colour */
  readonly steps?: readonly Step[];
}

/** Panels beneath one headline. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Columns of Grafana's grid. */
const COLUMNS = 24;
/** Numbers are small, lines are not. */
const SIZES = { stat: { w: 4, h: 4 }, timeseries: { w: 8, h: 7 } } as const;

/**
 * Rows of panels as Grafana's model of a dashboard has them: numbered and placed from left to right.
 * @see https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
 */
export function renderRows(rows: readonly Row[]): object[] {
  let id = 0;
  let y = 0;
  return rows.flatMap(({ title, panels }) => {
    const headline = {
      id: ++id,
      type: "row",
      title,
      collapsed: false,
      gridPos: { x: 0, y: y++, w: COLUMNS, h: 1 },
    };
    let x = 0;
    let height = 0;
    const placed = panels.map((panel) => {
      const { w, h } = SIZES[panel.kind];
      if (x + w > COLUMNS) {
        y += height;
        x = 0;
        height = 0;
      }
      const gridPos = { x, y, w, h };
      x += w;
      height = Math.max(height, h);
      return { id: ++id, gridPos, ...renderPanel(panel) };
    });
    y += height;
    return [{ ...headline, panels: [] }, ...placed];
  });
}

function renderPanel({
  kind,
  title,
  description,
  unit,
  queries,
  steps = [{ color: "green" }],
}: Panel): object {
  const datasource = { type: "prometheus", uid: "${datasource}" };
  return {
    type: kind,
    title,
    description,
    datasource,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + index),
      datasource,
      expr,
      legendFormat: legend,
      ...(kind === "stat" ? { instant: true } : { range: true }),
    })),
    fieldConfig: {
      defaults: {
        unit,
        ...(kind === "timeseries" && { min: 0 }),
        thresholds: {
          mode: "absolute",
          steps: steps.map(({ color, from }) => ({ color, value: from ?? null })),
        },
      },
      overrides: [],
    },
    options:
      kind === "stat"
        ? { reduceOptions: { calcs: ["lastNotNull"] }, colorMode: "value", textMode: "value_and_name" }
        : { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi" } },
  };
}
