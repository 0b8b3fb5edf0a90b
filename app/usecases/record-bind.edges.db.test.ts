import { afterAll, expect, test } from "vitest";
import { codeByText } from "#app/data/codes.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { currentTerms } from "#app/data/terms.repo.ts";
import { newId } from "#app/platform/ids.ts";
import { buildClick, buildCustomerFacts } from "#test/builders/domain.ts";
import {
  attributionsOf,
  bind,
  DAN,
  EVE,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  personFacts,
  personOf,
  referralsOf,
  tap,
} from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { openOnCodes, openReferral } from "./open-referral.ts";
import { recordBind } from "./record-bind.ts";
import { retireCode } from "./retire-code.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** A registration form that brings a link along; its event may not tell when the account was last changed. */
async function signUp(world: UseCases, token: string, times: { createdAt: number; updatedAt: number | null }) {
  const person = personFacts(world, MARA, { email: "mara@mailinator.com" });
  await world.deliver("customers/create", buildCustomerFacts({ person, token, ...times }));
  await world.work();
}

test("tokens that are handed over in a shop that is gone are weighed by nobody", async () => {
  const world = await buildUseCases(db);
  const token = tap(world, await mintCode(world));
  const rung = world.rung.length;
  const facts = { kind: "bind", person: personFacts(world, MARA), tokens: [token], device: null, at: 1 } as const;
  const event = { shopId: newId(), id: newId(), topic: "goodword/bind", receivedAt: world.clock.now(), facts };
  expect(await recordBind(world, event)).toEqual({ outcome: "done" });
  expect([await referralsOf(world), await attributionsOf(world)]).toEqual([[], []]);
  expect(world.rung).toHaveLength(rung);
});

test("the address that a friend signs up with is looked at when the referral opens", async () => {
  const world = await buildUseCases(db);
  const token = tap(world, await mintCode(world));
  world.clock.skip(HOUR_MS);
  const at = world.clock.now().getTime();
  await signUp(world, token, { createdAt: at, updatedAt: at });
  const judged = await world.query("SELECT features -> 'emailIsDisposable' AS disposable FROM decisions");
  expect(judged).toEqual([{ disposable: true }]);
});

test("a sign-up whose event tells no time of change counts from when the account was made", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const createdAt = world.clock.now().getTime() + HOUR_MS;
  const tapped = tap(world, code, { at: createdAt - 1 });
  world.clock.skip(2 * HOUR_MS);
  await signUp(world, tapped, { createdAt, updatedAt: null });
  expect(await onlyReferral(world)).toMatchObject({ code });
});

test("a friend who has a live referral is given no second one, whoever asks for it: the index decides", async () => {
  const world = await buildUseCases(db);
  const [first, second] = [await mintCode(world), await mintCode(world, EVE)];
  await bind(world, MARA, [tap(world, first)]);
  const [friendPerson, referrerPerson] = [await personOf(world, MARA), await personOf(world, EVE)];
  const { shopId } = world;
  const opened = await inShop(db.pools, shopId, async (tx) => {
    const [code, current] = [await codeByText(tx, shopId, second), await currentTerms(tx, shopId)];
    if (code === null || current === null) throw new Error("the shop has terms and a link");
    const [now, people] = [
      world.clock.now(),
      { friendPerson: friendPerson ?? "", referrerPerson: referrerPerson ?? "" },
    ];
    const expiresAt = new Date(now.getTime() + HOUR_MS);
    const opening = { code, terms: current.terms, ...people, evidence: null, expiresAt };
    return openOnCodes(tx, { shopId, now, actor: "worker" }, [opening]);
  });
  expect([...opened]).toEqual([]);
  expect(await onlyReferral(world)).toMatchObject({ code: first, referrer: await personOf(world, DAN) });
});

test("a tap that won opens nothing when its code was retired for abuse before it was kept", async () => {
  const world = await buildUseCases(db);
  const [text, friendToken] = [await mintCode(world), tap(world, await mintCode(world, EVE))];
  await bind(world, MARA, [friendToken]);
  const [personId, friendPerson] = [await personOf(world, DAN), await personOf(world, MARA)];
  await retireCode(world, { shopId: world.shopId, personId: personId ?? "", reason: "abuse", actor: "7001" });
  const opened = await inShop(world.pools, world.shopId, async (tx) => {
    const code = await codeByText(tx, world.shopId, text);
    const winner = buildClick({ code: text, codeId: code?.id ?? null, referrerPerson: personId });
    const browser = { device: null, cartTokenHash: null };
    const opening = { shopId: world.shopId, friendPerson: friendPerson ?? "", winner, browser, now: world.clock.now() };
    return openReferral(tx, opening);
  });
  expect(opened).toBeNull();
  expect(await referralsOf(world)).toHaveLength(1);
});
