import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * AWS as it is after the loss of a region: the emulator, of which one region and one bucket can still be reached.
 * Whatever asks for something else is refused and remembered.
 */
export class RegionGate {
  /** @param lostBucket bucket of the lost region, whose name alone says where it is */
  static async start(emulator: string, region: string, lostBucket: string): Promise<RegionGate> {
    const gate = new RegionGate(emulator, region, lostBucket);
    await new Promise<void>((done) => gate.server.listen(0, "127.0.0.1", done));
    return gate;
  }

  /** Requests that were served, such as `kms TrentService.Decrypt` and `s3 GET /bucket/key`. */
  readonly served: string[] = [];
  /** Requests for what is lost. */
  readonly refused: string[] = [];

  private readonly server = createServer((asked, answer) => {
    // Every request is signed for the region and the service that it goes to.
    const { authorization = "", "x-amz-target": target } = asked.headers;
    const [, region, service] = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(authorization) ?? [];
    const path = (asked.url ?? "").replace(/\?.*/, "");
    const what = `${service} ${target ?? `${asked.method} ${path}`}`;
    if (region !== this.region || path.startsWith(`/${this.lostBucket}`)) {
      this.refused.push(`${region} ${what}`);
      answer.writeHead(503).end();
      return;
    }
    this.served.push(what);
    const { method, headers, url } = asked;
    const passed = request(new URL(url ?? "/", this.emulator), { method, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  });

  private constructor(
    private readonly emulator: string,
    private readonly region: string,
    private readonly lostBucket: string,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
