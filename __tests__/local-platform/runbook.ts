import { readFileSync } from "node:fs";
import { join } from "node:path";
import { places } from "../../local/places";

/** Page of `docs/runbooks`. The tests run its commands. */
export class Runbook {
  private readonly text: string;

  constructor(private readonly page: string) {
    this.text = readFileSync(join(places.root, "docs", "runbooks", `${page}.md`), "utf8");
  }

  /**
   * Command of the page that starts with the text, with placeholders filled in.
   * @throws Error unless the page has exactly one such command and it contains every placeholder
   */
  command(start: string, filledIn: Readonly<Record<string, string>> = {}): string {
    const found = this.lines("sh").filter((line) => line.startsWith(start));
    if (found.length !== 1) {
      throw new Error(`${this.page}.md must have one command that starts with ${start}, got ${found.length}`);
    }
    return fillIn(found[0], filledIn);
  }

  /** SQL block of the page that contains the text. @throws Error as `command` */
  sql(containing: string, filledIn: Readonly<Record<string, string>> = {}): string {
    const found = this.blocks("sql").filter((block) => block.includes(containing));
    if (found.length !== 1) {
      throw new Error(`${this.page}.md must have one block of SQL with ${containing}, got ${found.length}`);
    }
    return fillIn(found[0], filledIn);
  }

  private lines(language: string): string[] {
    return this.blocks(language).flatMap((block) =>
      block
        .replace(/\\\n\s*/g, "")
        .split("\n")
        .map((line) => line.replace(/\s+# .*$/, "").trim()),
    );
  }

  private blocks(language: string): string[] {
    const fence = new RegExp(String.raw`^ *\`\`\`${language}\n([\s\S]*?)^ *\`\`\`$`, "gm");
    return [...this.text.matchAll(fence)].map(([, block]) => block);
  }
}

function fillIn(text: string, filledIn: Readonly<Record<string, string>>): string {
  return Object.entries(filledIn).reduce((filled, [name, value]) => {
    if (!filled.includes(name)) throw new Error(`there is no ${name} in: ${text}`);
    return filled.replaceAll(name, value);
  }, text);
}
