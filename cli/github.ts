import { UserError } from "../constructs/core/user-error";

/** Placeholder for the commit of the last deployment, in options that take a revision. */
export const DEPLOYED = "deployed";

/** GitHub's account for workflows. */
const WORKFLOWS = "github-actions[bot]";

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user?: { readonly login: string };
}

/**
 * Repository on GitHub, accessed by its API.
 * @see https://docs.github.com/rest
 */
export class GithubRepository {
  /**
   * Repository of the workflow, or the repository that the user names by the same variables.
   * @throws UserError without GITHUB_REPOSITORY and GITHUB_TOKEN
   */
  static fromEnvironment(env: NodeJS.ProcessEnv): GithubRepository {
    const {
      GITHUB_API_URL: api = "https://api.github.com",
      GITHUB_REPOSITORY: name,
      GITHUB_TOKEN: token,
    } = env;
    if (!name || !token) {
      throw new UserError(
        "GITHUB_REPOSITORY (such as example/vault-platform) and GITHUB_TOKEN must be set to ask GitHub.",
      );
    }
    return new GithubRepository(`${api}/repos/${name}`, token, env.GITHUB_ACTIONS === "true");
  }

  private constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly isWorkflow: boolean,
  ) {}

  /**
   * Commit of the last successful deployment of an environment.
   * @returns undefined if there is none
   */
  async deployedCommit(environment: string): Promise<string | undefined> {
    // The newest deployments come first, including the running one.
    const query = `environment=${encodeURIComponent(environment)}`;
    for await (const { id, sha } of this.pages<{ id: number; sha: string }>(`/deployments?${query}`)) {
      const [status] = await this.call<{ state: string }[]>("GET", `/deployments/${id}/statuses?per_page=1`);
      if (status?.state === "success") return sha;
    }
    return undefined;
  }

  /** Writes a comment on a pull request, or replaces the comment that starts with the same line. */
  async comment(pullRequest: number, body: string): Promise<"written" | "updated"> {
    const [mark] = body.split("\n");
    for await (const comment of this.pages<Comment>(`/issues/${pullRequest}/comments?`)) {
      // Other users can write the mark too.
      const isOwn = !this.isWorkflow || comment.user?.login === WORKFLOWS;
      if (!isOwn || comment.body?.split(/\r?\n/)[0] !== mark) continue;
      await this.call("PATCH", `/issues/comments/${comment.id}`, { body });
      return "updated";
    }
    await this.call("POST", `/issues/${pullRequest}/comments`, { body });
    return "written";
  }

  private async *pages<T>(path: string): AsyncGenerator<T> {
    const size = 100;
    for (let page = 1; ; page++) {
      const items = await this.call<T[]>("GET", `${path}&per_page=${size}&page=${page}`);
      yield* items;
      if (items.length < size) return;
    }
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        Accept: "application/vnd.github+json",
        Authorization: `Bearer ${this.token}`,
        "X-GitHub-Api-Version": "2022-11-28",
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    }).catch((error: Error) => {
      throw new UserError(`GitHub does not answer: ${error.message}.`);
    });
    if (!response.ok)
      throw new UserError(`GitHub refused ${method} ${path.split("?")[0]}: ${response.status}.`);
    return (await response.json()) as T;
  }
}
