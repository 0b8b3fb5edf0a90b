import assert from "node:assert/strict";
import { openClickToken } from "../../../app/platform/click-token.ts";
import type { EvidenceAsked } from "../../../app/usecases/evidence-port.ts";
import { buildCustomerAnswer } from "../../../test/builders/fake-shopify.ts";
import {
  bind,
  buy,
  convertedFriend,
  COOLING_OFF_MS,
  DAN,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  paidOf,
  referralsOf,
  tap,
  WINDOW_MS,
} from "../../../test/builders/journeys.ts";
import { buildUseCases } from "../../../test/builders/usecases.ts";
import type { UseCaseOptions, UseCases } from "../../../test/builders/usecases.ts";
import type { Scratch } from "../scratch.ts";
import type { CodeAttacks } from "./attack.ts";

const ORDER = "5001";
const UNKNOWN_CODE = "ZZZZZ";

function open({ pools, databaseUrl }: Scratch, options: UseCaseOptions = {}): Promise<UseCases> {
  return buildUseCases({ pools, databaseUrl }, options);
}

/** The order is in Shopify as it was, but for this. */
function changeOrder(world: UseCases, change: { financialStatus: string }): void {
  const order = world.shopify.orders.get(ORDER);
  assert.ok(order, "the friend's order is in the pretend Shopify");
  world.shopify.orders.set(ORDER, { ...order, ...change });
}

async function afterCoolingOff(world: UseCases): Promise<number> {
  world.clock.skip(COOLING_OFF_MS + HOUR_MS);
  await world.work();
  return (await paidOf(world)).rewards;
}

/** Whatever would pay somebody who has not earned it, or not yet. */
export const MONEY_ATTACKS: CodeAttacks = {
  "an order refunded during the cooling-off": async (scratch) => {
    const world = await open(scratch);
    await convertedFriend(world);
    changeOrder(world, { financialStatus: "REFUNDED" });
    assert.equal(await afterCoolingOff(world), 0, "a refunded order earns nothing");
  },
  "an order refunded while it is being read": async (scratch) => {
    const world = await open(scratch);
    await convertedFriend(world);
    const admin = world.admin.forShop(world.shopId, world.domain);
    Object.assign(world.admin, {
      forShop: () => {
        const readEvidence = async (asked: readonly EvidenceAsked[]) => {
          const read = await admin.readEvidence(asked);
          changeOrder(world, { financialStatus: "REFUNDED" });
          await world.query("UPDATE referrals SET version = version + 1 WHERE state = 'PENDING'");
          return read;
        };
        return { ...admin, readEvidence };
      },
    });
    assert.equal(await afterCoolingOff(world), 0, "what was read before a change is not paid on");
  },
  "a reward an hour after the order": async (scratch) => {
    const world = await open(scratch);
    await convertedFriend(world);
    world.clock.skip(HOUR_MS);
    await world.work();
    assert.equal((await paidOf(world)).rewards, 0, "nothing is paid before the cooling-off is over");
  },
  "a payout while all payouts are paused": async (scratch) => {
    const world = await open(scratch, { payoutsPaused: true });
    await convertedFriend(world);
    assert.equal(await afterCoolingOff(world), 0, "nothing is paid while payouts are paused");
  },
  "a friend who turns out to have bought before": async (scratch) => {
    const world = await open(scratch);
    await convertedFriend(world);
    const bought = { firstOrderAt: new Date("2025-01-05T12:00:00Z"), numberOfOrders: 2n };
    world.shopify.customers.set(MARA, buildCustomerAnswer(MARA, bought));
    assert.equal(await afterCoolingOff(world), 0, "an existing customer earns nobody anything");
  },
  "an order after the window": async (scratch) => {
    const world = await open(scratch);
    await bind(world, MARA, [tap(world, await mintCode(world))]);
    world.clock.skip(WINDOW_MS + HOUR_MS);
    await buy(world, { orderId: ORDER });
    assert.equal((await onlyReferral(world)).order, null, "an order after the window does not count");
  },
  "a token whose code was changed": async (scratch) => {
    const world = await open(scratch);
    const code = await mintCode(world, DAN);
    const decoy = Buffer.from(tap(world, UNKNOWN_CODE), "base64url");
    Buffer.from(code.slice(0, UNKNOWN_CODE.length)).copy(decoy, decoy.indexOf(UNKNOWN_CODE));
    const forged = decoy.toString("base64url");
    await bind(world, MARA, [forged]);
    assert.equal(openClickToken(world.keys, forged).outcome, "forged", "a changed token is recognised");
    assert.equal((await referralsOf(world)).length, 0, "a changed token opens nothing");
  },
};
