// OpenID provider in a separate process: the library is an ES module, which Jest would have to compile. It reads its
// settings as JSON from standard input, and prints a line when it listens.
import { createServer } from "node:https";
import { text } from "node:stream/consumers";
import { Provider } from "oidc-provider";

const { port, tls, clients, accounts, scopes, groupsOf } = JSON.parse(await text(process.stdin));
const issuer = `https://localhost:${port}`;
const claimNames = new Set(Object.values(accounts).flatMap((claims) => Object.keys(claims)));

const provider = new Provider(issuer, {
  clients: clients.map((client) => ({
    grant_types: ["authorization_code"],
    response_types: ["code"],
    ...client,
  })),
  scopes,
  claims: { openid: ["sub", ...claimNames, "groups"], profile: ["name"] },
  // The ID token contains the claims, as with the products that this server stands in for.
  conformIdTokenClaims: false,
  pkce: { required: () => false },
  cookies: { keys: ["a key of a test"] },
  async findAccount(_context, accountId) {
    const claims = accounts[accountId];
    return claims && { accountId, claims: () => ({ sub: accountId, ...claims }) };
  },
});

provider.use(async (context, next) => {
  // Most products refuse unknown scopes; the library ignores them.
  if (context.path === "/auth") {
    const unknown = String(context.query.scope)
      .split(" ")
      .find((scope) => !scopes.includes(scope));
    if (unknown !== undefined) context.throw(400, `invalid_scope: ${unknown}`);
  }
  // The part of Microsoft Graph that Vault calls for the groups of a user.
  const graph = /^\/graph\/(.+)\/getMemberObjects$/.exec(context.path);
  if (graph) {
    const [, token] = /^Bearer (.+)$/.exec(context.get("Authorization")) ?? [];
    const { accountId } = (token && (await provider.AccessToken.find(token))) || {};
    if (accountId !== graph[1]) context.throw(401);
    context.body = { value: groupsOf[accountId] };
    return;
  }
  await next();
});

const server = createServer(tls, provider.callback());
server.listen(port, "127.0.0.1", () => console.log("listening"));
