import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { renderReport } from "../../access/render-report";
import type { ReportRow } from "../../access/report-rows";
import { describeWithPrograms, programPath } from "../support/needs";

// A browser needs time to start on a busy machine.
jest.setTimeout(120_000);

/** Parts of playwright-core that this test calls. */
interface Page {
  goto(url: string): Promise<unknown>;
  fill(selector: string, text: string): Promise<void>;
  selectOption(selector: string, value: string): Promise<unknown>;
  focus(selector: string): Promise<void>;
  textContent(selector: string): Promise<string | null>;
  waitForSelector(selector: string): Promise<unknown>;
  evaluate<T>(expression: string): Promise<T>;
  emulateMedia(options: { readonly colorScheme: "light" | "dark" }): Promise<void>;
  on(event: "request", listener: (request: { url(): string }) => void): void;
  on(event: "console", listener: (message: { type(): string; text(): string }) => void): void;
  on(event: "pageerror", listener: (error: Error) => void): void;
  close(): Promise<void>;
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
}
interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}
interface Playwright {
  readonly chromium: { launch(options: object): Promise<Browser> };
}

const row = (props: Partial<ReportRow>): ReportRow => ({
  environment: "production",
  kind: "access",
  team: "payments",
  identity: "auth/kubernetes role payment-service",
  path: "secret/data/payment-service/*",
  before: "read",
  after: "read",
  labels: "",
  owner: "payment-service (team payments)",
  details: "reads the secrets",
  ...props,
});

const ROWS = [
  row({}),
  row({ environment: "dev" }),
  row({
    kind: "change: dangerous",
    labels: "other owner, delete",
    path: "secret/data/invoice/*",
    before: "",
    owner: "invoice (team billing)",
  }),
  row({
    team: "billing",
    identity: "auth/kubernetes role invoice",
    path: "secret/data/invoice/*",
    owner: "invoice (team billing)",
  }),
];

describeWithPrograms("chromium")("the page of access report", () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  let requests: string[];
  let errors: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "access-report-"));
    const { chromium } = jest.requireActual<Playwright>("playwright-core");
    browser = await chromium.launch({ executablePath: programPath("chromium"), args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(() => page.close());

  const open = async (rows: readonly ReportRow[], title = "Access to Vault") => {
    const file = join(folder, "report.html");
    writeFileSync(file, renderReport(title, rows, []));
    page = await browser.newPage();
    [requests, errors] = [[], []];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(String(error)));
    const start = Date.now();
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('body[data-ready="true"]');
    return { file, milliseconds: Date.now() - start };
  };
  const count = () => page.textContent("#count");

  it("shows all rows, without an error and without a network", async () => {
    await open(ROWS);

    expect(await count()).toBe("4 of 4 rows");
    expect(errors).toEqual([]);
    expect(requests).toEqual([expect.stringMatching(/^file:.*report\.html$/)]);
  });

  it("finds rows by words in any column", async () => {
    await open(ROWS);
    await page.fill('input[name="search"]', "INVOICE delete");

    expect(await count()).toBe("1 of 4 rows");
    await page.fill('input[name="search"]', "nothing like this");
    expect(await count()).toBe("0 of 4 rows");
  });

  it("combines filters by environment, team, identity, secret and label", async () => {
    await open(ROWS);
    await page.selectOption('select[name="environment"]', "production");
    expect(await count()).toBe("3 of 4 rows");
    await page.selectOption('select[name="team"]', "payments");
    expect(await count()).toBe("2 of 4 rows");
    await page.fill('input[name="path"]', "invoice");
    expect(await count()).toBe("1 of 4 rows");
    await page.selectOption('select[name="labels"]', "delete");
    expect(await count()).toBe("1 of 4 rows");
    await page.fill('input[name="identity"]', "role invoice");
    expect(await count()).toBe("0 of 4 rows");
  });

  it("works by keyboard: filters, sorting, whole texts and scrolling", async () => {
    await open(ROWS);
    await page.keyboard.press("Tab");
    await page.keyboard.type("billing");
    expect(await count()).toBe("2 of 4 rows");
    await page.focus('[tabulator-field="identity"]');
    await page.keyboard.press("Enter");
    const sorted = '[tabulator-field="identity"][aria-sort="ascending"]';
    await page.waitForSelector(sorted);
    expect(await page.textContent(".tabulator-row .tabulator-cell[tabulator-field=identity]")).toContain(
      "role invoice",
    );
    await page.focus('input[name="whole"]');
    await page.keyboard.press("Space");
    expect(
      await page.evaluate<string>("getComputedStyle(document.querySelector('.tabulator-cell')).whiteSpace"),
    ).toBe("pre-wrap");
    await page.focus(".tabulator-tableholder");
    expect(await page.evaluate<string>("document.activeElement.getAttribute('aria-label')")).toBe("Rows");
  });

  it("follows the dark mode of the system", async () => {
    await open(ROWS);
    const colours = () =>
      page.evaluate<string[]>(
        "[document.body, ...document.querySelectorAll('.tabulator-row, .tabulator-cell')].map((it) => getComputedStyle(it).backgroundColor)",
      );
    await page.emulateMedia({ colorScheme: "light" });
    expect(new Set(await colours())).toEqual(new Set(["rgb(255, 255, 255)"]));
    await page.emulateMedia({ colorScheme: "dark" });
    expect(new Set(await colours())).toEqual(new Set(["rgb(13, 17, 23)"]));
  });

  it("runs no script of a name, and shows it as text", async () => {
    const hostile = [
      "<script>window.hacked = 1</script>",
      "</script><script>window.hacked = 1</script>",
      '<img src=x onerror="window.hacked = 1">',
      '"><svg onload=window.hacked=1>',
      "<!--<script>",
      "\u202eevil",
    ];
    const rows = hostile.map((text) =>
      row(Object.fromEntries(Object.keys(row({})).map((column) => [column, text])) as ReportRow),
    );
    await open(rows, "</title><script>window.hacked = 1</script>");

    expect(await count()).toBe(`${hostile.length} of ${hostile.length} rows`);
    expect(await page.evaluate<unknown>("window.hacked ?? 'none'")).toBe("none");
    const text = await page.textContent(".tabulator-table");
    for (const name of hostile.slice(0, -1)) expect(text).toContain(name);
    expect(text).toContain("\\u202eevil");
  });

  it("opens 1,000 services within 2 s and 5 MB", async () => {
    const rows = Array.from({ length: 1000 }, (_service, index) => `service-${index}`).flatMap((name) =>
      ["dev", "staging", "production"].flatMap((environment) =>
        ["secret/data", "secret/metadata", "database/creds", "pki/issue", "transit/encrypt"].map((mount) =>
          row({
            environment,
            team: `team-${name.length}`,
            identity: `auth/kubernetes role ${name}`,
            path: `${mount}/${name}/*`,
            owner: `${name} (team-${name.length})`,
            details: `reads the secrets ${name}/* [${environment}-config/${name}/Binding/Policy, stacks/config.ts:42]`,
          }),
        ),
      ),
    );
    const { file, milliseconds } = await open(rows);

    expect(await count()).toBe("15,000 of 15,000 rows");
    expect(statSync(file).size).toBeLessThan(5_000_000);
    expect(milliseconds).toBeLessThan(2000);
  });
});
