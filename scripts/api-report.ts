import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";

/**
 * Writes the package's public API to `etc/<subpath>.api.md`. Reads `dist`. With `--check` it changes nothing, and fails
 * if a report differs from the code.
 */
const check = process.argv.includes("--check");
const root = resolve(__dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, string | { types: string }>;
};

/** Names of the reports by subpath. The root exports everything that the folders of constructs export. */
const REPORTS: Readonly<Record<string, string>> = {
  ".": "constructs",
  "./hardening": "hardening",
  "./platform": "platform",
};

let failed = false;
for (const [subpath, target] of Object.entries(manifest.exports)) {
  if (typeof target === "string" || !REPORTS[subpath]) continue;
  const name = REPORTS[subpath];
  const temporary = join(tmpdir(), `api-report-${process.pid}`);
  mkdirSync(temporary, { recursive: true });
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, target.types),
      compiler: { tsconfigFilePath: join(root, "tsconfig.build.json") },
      newlineKind: "lf",
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(root, "etc"),
        reportTempFolder: temporary,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          "ae-forgotten-export": { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
          "ae-missing-release-tag": { logLevel: ExtractorLogLevel.None },
          "ae-undocumented": { logLevel: ExtractorLogLevel.None },
          "ae-unresolved-link": { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, "package.json"),
  });
  const result = Extractor.invoke(config, {
    localBuild: !check,
    messageCallback: (message) => {
      message.handled = message.logLevel === ExtractorLogLevel.Verbose || message.logLevel === "info";
      if (message.messageId === "console-api-report-not-copied") message.handled = true;
    },
  });
  rmSync(temporary, { recursive: true, force: true });
  if (result.apiReportChanged && check) console.error(`etc/${name}.api.md is not what the code offers.`);
  if (result.errorCount > 0 || (check && result.apiReportChanged)) failed = true;
}
if (failed) {
  if (check) console.error("npm run api:update writes the reports; the change belongs in CHANGELOG.md.");
  process.exitCode = 1;
}
