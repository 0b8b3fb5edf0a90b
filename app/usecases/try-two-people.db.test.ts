import { afterAll, expect, test } from "vitest";
import { buy, DAN, MARA, mintCode, personOf } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { createJudgement } from "./judgement.ts";
import type { TriedPerson } from "./try-two-people.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("of two people whose link is blocked is told, and nothing of a link that a referrer does not have", async () => {
  const world = await buildUseCases(db);
  const { shop, shopId } = world;
  const judgement = createJudgement(world);
  const subject = await mintCode(world);
  await judgement.addToBlockList({ shopId, kind: "code", subject, reason: "posted on a coupon site", actor: "42" });
  await buy(world, { customerId: MARA, orderId: "4002", email: "mara@shop.example" });
  const tried = async (referrer: TriedPerson) => {
    const result = await judgement.tryTwoPeople({ shop, referrer, friend: { email: "otto@else.example" } });
    if (result.outcome !== "tried") throw new Error(result.outcome);
    const isBlocked = result.rules.some(({ id, said }) => id === "block_list" && said === "fired");
    return { referrer: result.referrerPerson, isBlocked };
  };
  expect(await tried({ customerId: DAN })).toEqual({ referrer: await personOf(world, DAN), isBlocked: true });
  expect(await tried({ customerId: MARA })).toEqual({ referrer: await personOf(world, MARA), isBlocked: false });
  expect(await tried({ email: "nobody@new.example" })).toEqual({ referrer: null, isBlocked: false });
});
