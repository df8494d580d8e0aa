import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** The part of STS that says who signed a request: whoever it is told, and it keeps what was signed. */
export class StandInSts {
  static async start(): Promise<StandInSts> {
    const sts = new StandInSts();
    sts.server = createServer((request, response) => {
      sts.signed.push(String(request.headers.authorization));
      response.setHeader("Content-Type", "text/xml");
      response.end(`<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>${sts.caller}</Arn><UserId>AROAEXAMPLE:session</UserId><Account>333333333333</Account>
  </GetCallerIdentityResult>
</GetCallerIdentityResponse>`);
    });
    await new Promise<void>((resolve) => sts.server.listen(0, "127.0.0.1", resolve));
    return sts;
  }

  /** ARN of who asks next. */
  caller = "";
  readonly signed: string[] = [];
  private server!: Server;

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
  }
}
