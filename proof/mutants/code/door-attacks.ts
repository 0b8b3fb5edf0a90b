import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { hmacSecrets } from "../../../app/edge/secrets.ts";
import { verifySessionToken } from "../../../app/edge/verify-session-token.ts";
import { createKeys } from "../../../app/platform/keys.ts";
import {
  API_SECRET,
  buildOrderPayload,
  installShop,
  openDoors,
  tapQuery,
  webhookHeaders,
} from "../../../test/builders/door.ts";
import type { Scratch } from "../scratch.ts";
import type { CodeAttacks } from "./attack.ts";

async function openDoor({ pools }: Scratch) {
  const keys = createKeys({ dataKey: randomBytes(32) });
  const doors = openDoors(pools, keys);
  const shop = await installShop(pools, keys);
  const deliver = (topic: string, payload: object, options: { secret?: string; shop?: string } = {}) => {
    const body = JSON.stringify(payload);
    const headers = webhookHeaders(body, { shop: shop.domain, topic, ...options });
    return doors.app.inject({ method: "POST", url: "/webhooks", payload: body, headers });
  };
  return { keys, doors, shop, deliver };
}

async function rowsOf({ owner }: Scratch): Promise<number> {
  const { rows } = await owner.query<{ count: number }>("SELECT count(*)::int AS count FROM inbox");
  return rows[0]?.count ?? 0;
}

const inbox = { closed: "REVOKE INSERT ON inbox FROM gw_door" } as const;

/** What strangers, and Shopify at a bad moment, bring to the doors. */
export const DOOR_ATTACKS: CodeAttacks = {
  "a delivery signed with a guessed secret": async (scratch) => {
    const { deliver } = await openDoor(scratch);
    const answer = await deliver("orders/paid", buildOrderPayload(), { secret: "guessed" });
    assert.equal(answer.statusCode, 401, "a forged delivery is refused");
    assert.equal(await rowsOf(scratch), 0, "nothing of a forged delivery is stored");
  },
  "a delivery that cannot be stored": async (scratch) => {
    const { deliver } = await openDoor(scratch);
    await scratch.owner.query(inbox.closed);
    const answer = await deliver("orders/paid", buildOrderPayload());
    assert.notEqual(answer.statusCode, 200, "what is not stored is not acknowledged");
  },
  "the bell of a delivery that cannot be stored": async (scratch) => {
    const { deliver, doors } = await openDoor(scratch);
    await scratch.owner.query(inbox.closed);
    await deliver("orders/paid", buildOrderPayload());
    assert.deepEqual(doors.rung, [], "a bell is rung after the commit alone");
  },
  "a genuine body of one shop under the name of another": async (scratch) => {
    const { deliver, shop, keys } = await openDoor(scratch);
    const victim = await installShop(scratch.pools, keys);
    await deliver("app/uninstalled", { id: 1, myshopify_domain: shop.domain }, { shop: victim.domain });
    assert.equal(await rowsOf(scratch), 0, "a body is work for the shop that it names alone");
  },
  "a link that nobody signed": async (scratch) => {
    const { doors, shop } = await openDoor(scratch);
    const query = tapQuery({ shop: shop.domain, secret: "guessed" });
    const answer = await doors.app.inject({ method: "GET", url: `/proxy/${shop.code}?${query}` });
    assert.equal(answer.statusCode, 400, "an unsigned proxy request is refused");
  },
  "a session token made for another app": async () => {
    const nowMs = Date.now();
    const claims = { aud: "another-app", exp: nowMs / 1_000 + 60, dest: "freshbox.myshopify.com" };
    const [head, body] = [{ alg: "HS256" }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString("base64url"),
    );
    const mac = createHmac("sha256", API_SECRET).update(`${head}.${body}`).digest("base64url");
    const secrets = hmacSecrets({ SHOPIFY_API_SECRET: API_SECRET, SHOPIFY_API_SECRET_OLD: undefined });
    const verdict = verifySessionToken(`${head}.${body}.${mac}`, { secrets, apiKey: "goodword", nowMs });
    assert.notEqual(verdict.outcome, "genuine", "a token for another app is refused");
  },
};
