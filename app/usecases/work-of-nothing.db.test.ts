import { afterAll, expect, test } from "vitest";
import { extractRead } from "#app/edge/extract/extract-read.ts";
import { newId } from "#app/platform/ids.ts";
import { createMetrics } from "#app/platform/metrics.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { activatePixel } from "./activate-pixel.ts";
import { backfillCustomers } from "./backfill-customers.ts";
import { compareDiscounts } from "./compare-discounts.ts";
import { expireReferral } from "./expire-referral.ts";
import { expireReward } from "./expire-reward.ts";
import { expireWelcome } from "./expire-welcome.ts";
import { fulfilReward } from "./fulfil-reward.ts";
import { meetOwner } from "./meet-owner.ts";
import { meetPeople } from "./meet-people.ts";
import type { OutboxWork, WorkVerdict } from "./ports.ts";
import { readOrders } from "./read-orders.ts";
import { refillWelcome } from "./refill-welcome.ts";
import { screenOrder } from "./screen-order.ts";
import { sendNote } from "./send-note.ts";
import { settleReferral } from "./settle-referral.ts";
import { watchTeam } from "./team/watch-team.ts";
import { triggerFlow } from "./trigger-flow.ts";
import { withdrawCode } from "./withdraw-code.ts";
import { writeInvite } from "./words/write-invite.ts";

const db = await createTestDatabase();
afterAll(db.drop);
const world = await buildUseCases(db);

type Handler = (world: UseCases, row: OutboxWork) => Promise<WorkVerdict>;
type Payload = Readonly<Record<string, unknown>>;

const nobody = { send: () => Promise.reject(new Error("nobody is to be told")) };
const mails = { mail: nobody, mailFrom: "Goodword <goodword@example.com>", adminUrlOf: () => "https://admin.example" };

/** Every kind of work that a row of the outbox may ask for, with what its row names. */
const HANDLERS: readonly (readonly [topic: string, handler: Handler, named: Payload])[] = [
  ["pixel.activate", activatePixel, {}],
  ["shop.backfill", backfillCustomers, {}],
  ["discounts.compare", compareDiscounts, {}],
  ["orders.read", (w, row) => readOrders({ ...w, extract: extractRead(w.keys) }, row), {}],
  ["team.watch", (w, row) => watchTeam({ ...w, ...mails }, row), {}],
  ["owner.meet", meetOwner, { codeId: newId() }],
  ["referral.meet", meetPeople, { referralId: newId() }],
  ["referral.screen", screenOrder, { referralId: newId() }],
  ["referral.settle", settleReferral, { referralId: newId() }],
  ["referral.expire", expireReferral, { referralId: newId() }],
  ["flow.trigger", triggerFlow, { referralId: newId() }],
  ["reward.fulfil", fulfilReward, { rewardId: newId() }],
  ["reward.expire", expireReward, { rewardId: newId() }],
  ["code.withdraw", withdrawCode, { rewardId: newId() }],
  [
    "note.send",
    (w, row) => sendNote({ ...w, ...mails, metrics: createMetrics(), words: null, sms: null }, row),
    { rewardId: newId() },
  ],
  ["welcome.refill", refillWelcome, { termsVersion: 1 }],
  ["welcome.expire", expireWelcome, { welcomeId: newId() }],
  ["words.invite", (w, row) => writeInvite({ ...w, words: null }, row), { codeId: newId() }],
];

function row(topic: string, shopId: string, payload: Payload): OutboxWork {
  return { shopId, id: newId(), topic, dedupeKey: `${topic}:unnamed`, payload, attempts: 1, externalId: null };
}

test.each(HANDLERS)("%s of a shop that is gone ends, and asks Shopify nothing", async (topic, handler, named) => {
  const asked = world.shopify.calls.length;
  const verdict = await handler(world, row(topic, newId(), named));
  expect(["done", "dead"]).toContain(verdict.outcome);
  expect(world.shopify.calls.slice(asked)).toEqual([]);
});

test.each(HANDLERS.filter(([, , named]) => Object.keys(named).length > 0))(
  "%s that names nothing ends, and asks Shopify nothing",
  async (topic, handler, named) => {
    const asked = world.shopify.calls.length;
    const noise = Object.fromEntries(Object.keys(named).map((key) => [key, "nonsense"]));
    for (const payload of [{}, noise]) {
      const verdict = await handler(world, row(topic, world.shopId, payload));
      expect(["done", "dead"]).toContain(verdict.outcome);
    }
    expect(world.shopify.calls.slice(asked)).toEqual([]);
  },
);

test.each(HANDLERS.filter(([topic, , named]) => Object.keys(named).length > 0 && topic !== "welcome.refill"))(
  "%s that names what is not there ends, and asks Shopify nothing",
  async (topic, handler, named) => {
    const asked = world.shopify.calls.length;
    const verdict = await handler(world, row(topic, world.shopId, named));
    expect(["done", "dead"]).toContain(verdict.outcome);
    expect(world.shopify.calls.slice(asked)).toEqual([]);
  },
);
