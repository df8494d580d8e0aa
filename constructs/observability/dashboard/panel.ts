/** Time window of rates, as in the alerts. */
export const WINDOW = "5m";

/** PromQL expression of a panel. */
export interface Query {
  /** PromQL expression. */
  readonly expr: string;
  /** Name of the line, with labels such as `{{pod}}`. */
  readonly legend: string;
}

/** Grafana units that the panels use. */
export type Unit = "short" | "percentunit" | "ms" | "s" | "bytes" | "reqps" | "bool_yes_no";

/** Colour from a value on. The first step has no `from`. */
export interface Step {
  /** Colour of the step. */
  readonly color: "green" | "orange" | "red";
  /** Lowest value with this colour. @default - any value below the next step */
  readonly from?: number;
}

/** Panel with a current number (`stat`), or with lines over time (`timeseries`). */
export interface Panel {
  /** Type of the panel. */
  readonly kind: "stat" | "timeseries";
  /** Title of the panel. */
  readonly title: string;
  /** Healthy and unhealthy values; shown when the pointer rests on the panel. */
  readonly description: string;
  /** Unit of the values. */
  readonly unit: Unit;
  /** Queries of the panel. */
  readonly queries: readonly Query[];
  /** Colours by value. @default - one colour */
  readonly steps?: readonly Step[];
}

/** Panels below one headline. */
export interface Row {
  /** Headline of the row. */
  readonly title: string;
  /** Panels of the row, from left to right. */
  readonly panels: readonly Panel[];
}

/** Columns of Grafana's grid. */
const COLUMNS = 24;
/** Panels with a number are small, panels with lines are large. */
const SIZES = { stat: { w: 4, h: 4 }, timeseries: { w: 8, h: 7 } } as const;

/**
 * Renders rows in Grafana's dashboard model: panels are numbered and placed from left to right.
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
