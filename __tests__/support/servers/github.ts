import { type HttpRequest, type HttpResponse, HttpServer } from "./http";

interface Deployment {
  readonly sha: string;
  readonly environment: string;
  readonly state: string;
}

interface Comment {
  readonly id: number;
  readonly login: string;
  body: string;
}

/** Stand-in for the GitHub APIs that the commands call: deployments, comments and identity tokens. */
export class Github {
  /** Deployments, newest first, as GitHub returns them. */
  deployments: readonly Deployment[] = [];
  /** Comments of pull requests. */
  readonly comments: Comment[] = [];
  /** Method and path of each call. */
  readonly calls: string[] = [];
  private server!: HttpServer;

  static async start(): Promise<Github> {
    const github = new Github();
    github.server = await HttpServer.start((request) => github.respond(request));
    return github;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Environment variables of a workflow job. */
  get env(): Record<string, string> {
    const { url } = this.server;
    return {
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: url,
      GITHUB_REPOSITORY: "example/vault-platform",
      GITHUB_RUN_ID: "42",
      GITHUB_TOKEN: "right",
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?version=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "right",
    };
  }

  private respond({ method, url, headers, body }: HttpRequest): HttpResponse {
    const asked = new URL(url, "http://github");
    this.calls.push(`${method} ${asked.pathname}`);
    const isKnown = /^bearer right$/i.test(headers.authorization ?? "");
    const answer = isKnown ? this.answer(method, asked, body && JSON.parse(body)) : undefined;
    return { status: answer === undefined ? 403 : 200, body: JSON.stringify(answer ?? {}) };
  }

  private answer(method: string, { pathname, searchParams }: URL, body: { body: string }): unknown {
    const path = pathname.replace("/repos/example/vault-platform", "");
    const page = <T>(items: readonly T[]): T[] => {
      const size = Number(searchParams.get("per_page"));
      return items.slice((Number(searchParams.get("page") ?? 1) - 1) * size).slice(0, size);
    };
    const [, id] = /(\d+)(?:\/|$)/.exec(path) ?? [];
    switch (`${method} ${path.replace(/\d+/, "N")}`) {
      case "GET /token":
        return { value: `token for ${searchParams.get("audience")}` };
      case "GET /deployments":
        return page(
          this.deployments
            .map(({ sha, environment }, index) => ({ id: index, sha, environment }))
            .filter(({ environment }) => environment === searchParams.get("environment")),
        );
      case "GET /deployments/N/statuses":
        return page([{ state: this.deployments[Number(id)].state }, { state: "in_progress" }]);
      case "GET /issues/N/comments":
        return page(this.comments.map((comment) => ({ ...comment, user: { login: comment.login } })));
      case "POST /issues/N/comments":
        return this.comments.push({ id: 1000, login: "github-actions[bot]", body: body.body });
      case "PATCH /issues/comments/N":
        return Object.assign(
          this.comments.find((comment) => comment.id === Number(id))!,
          body,
        );
    }
    return undefined;
  }
}
