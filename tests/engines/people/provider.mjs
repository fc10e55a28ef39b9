// A real OpenID provider (the npm package oidc-provider) that stands in for the My Number card's.
// node provider.mjs <port> <json: {client_id, redirect_uri, jwks, people: {id: {acr, claims}}}>; prints "ready".
import { createHash, generateKeyPairSync } from "node:crypto";
import { Provider } from "oidc-provider";

const port = Number(process.argv[2]);
const asked = JSON.parse(process.argv[3]);
const issuer = `http://localhost:${port}`;
const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: asked.client_id,
      redirect_uris: [asked.redirect_uri],
      response_types: ["code"],
      grant_types: ["authorization_code"],
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: "ES256",
      id_token_signed_response_alg: "ES256",
      subject_type: "pairwise",
      jwks: asked.jwks,
    },
  ],
  jwks: { keys: [{ ...key, kid: "provider-1", alg: "ES256", use: "sig" }] },
  enabledJWA: { idTokenSigningAlgValues: ["ES256"], clientAuthSigningAlgValues: ["ES256"] },
  acrValues: ["aal1", "aal3"],
  subjectTypes: ["pairwise"],
  pairwiseIdentifier: (_ctx, person, client) => createHash("sha256").update(`${client.clientId} ${person}`).digest("hex"),
  claims: { openid: ["sub"], name: ["name"], address: ["address"], birthdate: ["birthdate"], gender: ["gender"] },
  scopes: ["openid", "name", "address", "birthdate", "gender"],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  cookies: { keys: ["for tests only"] },
  interactions: { url: (_ctx, interaction) => `/login/${interaction.uid}` },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...asked.people[id].claims }) }),
  async loadExistingGrant(ctx) {
    const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid name address birthdate gender");
    await grant.save();
    return grant;
  },
});

// The login page: ?person=… is the card on the reader, ?cancel is the reader who gives up.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/login/")) return next();
  const { person } = ctx.query;
  if (person === undefined && ctx.query.cancel === undefined) {
    ctx.type = "html";
    ctx.body = Object.keys(asked.people).map((id) => `<a href="?person=${id}">${id}</a>`).join(" ");
    return;
  }
  const result = person
    ? { login: { accountId: person, acr: asked.people[person].acr, remember: false } }
    : { error: "access_denied", error_description: "the reader gave up" };
  await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
  ctx.respond = false;
});

provider.on("server_error", (_ctx, fault) => console.error(fault));
provider.on("grant.error", (_ctx, fault) => console.error(fault.error_description, fault.error_detail));
provider.listen(port, "127.0.0.1", () => console.log("ready"));
