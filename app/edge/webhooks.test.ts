import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import fastify from "fastify";
import { pino } from "pino";
import { expect, test } from "vitest";
import type { DeliveryRow } from "#app/data/inbox-door.repo.ts";
import { createMetrics } from "#app/platform/metrics.ts";
import { createKeys } from "#app/platform/keys.ts";
import { API_SECRET, buildKnownShop, buildOrderPayload, webhookHeaders } from "#test/builders/door.ts";
import { hmacSecrets } from "./secrets.ts";
import { registerWebhooks } from "./webhooks.ts";

const SHOP = buildKnownShop();
const BODY = JSON.stringify(buildOrderPayload());

/** The door alone, over ports that keep what they are given. */
function buildDoor(change: { clock?: { now(): Date }; isRemembered?: boolean } = {}) {
  const stored: DeliveryRow[] = [];
  const asked: string[] = [];
  const app = fastify();
  registerWebhooks(app, {
    shops: {
      remembered: () => (change.isRemembered === true ? SHOP : undefined),
      byDomain: async (domain) => {
        asked.push(domain);
        return domain === SHOP.domain ? SHOP : null;
      },
    },
    keys: createKeys({ dataKey: Buffer.alloc(32, 1) }),
    secrets: hmacSecrets({ SHOPIFY_API_SECRET: API_SECRET }),
    deliveries: { submit: async (row) => void stored.push(row), drained: async () => undefined },
    ringer: { ring: () => undefined },
    clock: change.clock ?? { now: () => new Date("2026-11-20T12:00:00Z") },
    logger: pino({ level: "silent" }),
    metrics: createMetrics(),
  });
  const headers = () => webhookHeaders(BODY, { shop: SHOP.domain, topic: "orders/paid" });
  const deliver = () => app.inject({ method: "POST", url: "/webhooks", payload: BODY, headers: headers() });
  return { app, stored, asked, headers, deliver };
}

/** A connection that has sent a delivery's headers and so many bytes of its body. */
async function begin({ app, headers }: ReturnType<typeof buildDoor>, bytes: number): Promise<Socket> {
  const { port } = new URL(await app.listen({ port: 0, host: "127.0.0.1" }));
  const socket = connect({ port: Number(port), host: "127.0.0.1", noDelay: true });
  const all = { ...headers(), host: "localhost", "content-length": String(Buffer.byteLength(BODY)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const isTaken = once(app.server, "request");
  socket.write(`POST /webhooks HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${BODY.slice(0, bytes)}`);
  await isTaken;
  return socket;
}

test("a webhook whose body comes in pieces is verified and stored as a whole", async () => {
  const door = buildDoor();
  const socket = await begin(door, 500);
  socket.write(BODY.slice(500));
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
  expect(door.stored.map(({ topic, state }) => [topic, state])).toEqual([["orders/paid", "new"]]);
  socket.destroy();
  await door.app.close();
});

test("a webhook whose sender breaks off leaves nothing, and the door stays open", async () => {
  const door = buildDoor();
  const socket = await begin(door, 500);
  socket.destroy();
  await once(socket, "close");
  expect((await door.deliver()).statusCode).toBe(200);
  expect(door.stored).toHaveLength(1);
  await door.app.close();
});

test("a webhook that meets a fault of ours is 500 of the catalogue, so that Shopify sends it again", async () => {
  const clock = {
    now: () => {
      throw new Error("no time");
    },
  };
  for (const isRemembered of [true, false]) {
    const door = buildDoor({ clock, isRemembered });
    const answer = await door.deliver();
    expect([answer.statusCode, answer.json()]).toMatchObject([500, { error: { code: "internal_error" } }]);
    expect(door.stored).toEqual([]);
    await door.app.close();
  }
});

test("a webhook of a shop that the door remembers asks nobody for it", async () => {
  const known = buildDoor({ isRemembered: true });
  expect((await known.deliver()).statusCode).toBe(200);
  expect(known.asked).toEqual([]);
  const unknown = buildDoor();
  expect((await unknown.deliver()).statusCode).toBe(200);
  expect(unknown.asked).toEqual([SHOP.domain]);
});
