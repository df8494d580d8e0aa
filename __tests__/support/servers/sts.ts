import { HttpServer } from "./http";

/** Stand-in for GetCallerIdentity of STS. It returns a preset caller and records the signatures. */
export class StandInSts {
  static async start(): Promise<StandInSts> {
    const sts = new StandInSts();
    sts.server = await HttpServer.start(({ headers }) => {
      sts.signed.push(String(headers.authorization));
      return {
        headers: { "Content-Type": "text/xml" },
        body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>${sts.caller}</Arn><UserId>AROAEXAMPLE:session</UserId><Account>333333333333</Account>
  </GetCallerIdentityResult>
</GetCallerIdentityResponse>`,
      };
    });
    return sts;
  }

  /** ARN of the next caller. */
  caller = "";
  /** Authorization headers of the requests. */
  readonly signed: string[] = [];
  private server!: HttpServer;

  get url(): string {
    return this.server.url;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
