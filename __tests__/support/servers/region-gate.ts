import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * AWS after the loss of a region: a proxy to the emulator that serves only one region and hides one bucket. It refuses
 * and records all other requests.
 */
export class RegionGate {
  /** Starts a gate. @param lostBucket bucket in the lost region; only its name identifies the region */
  static async start(emulator: string, region: string, lostBucket: string): Promise<RegionGate> {
    const gate = new RegionGate(emulator, region, lostBucket);
    await new Promise<void>((done) => gate.server.listen(0, "127.0.0.1", done));
    return gate;
  }

  /** Served requests, such as `kms TrentService.Decrypt` and `s3 GET /bucket/key`. */
  readonly served: string[] = [];
  /** Refused requests for the lost region or bucket. */
  readonly refused: string[] = [];

  private readonly server = createServer((asked, answer) => {
    // The signature of each request names its region and service.
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
