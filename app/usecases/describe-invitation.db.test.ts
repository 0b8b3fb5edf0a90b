import { afterAll, expect, test } from "vitest";
import { describeInvitation } from "#app/usecases/describe-invitation.ts";
import type { InvitedBy } from "#app/usecases/describe-invitation.ts";
import { retireCode } from "#app/usecases/retire-code.ts";
import { saveTerms } from "#app/usecases/save-terms.ts";
import { DAN, mintCode, personOf, tap, WINDOW_MS } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
afterAll(db.drop);

async function buildInvited() {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const tell = (by: InvitedBy, locale = "en") => describeInvitation(world, { shop: world.shop, by, locale });
  return { world, code, tell };
}

test("an invitation says who gives what, by a tap and by the code in any case", async () => {
  const { world, code, tell } = await buildInvited();
  const open = { outcome: "open", code, from: "Sam", offer: "£10 off", when: "after_first_order", emailFirst: false };
  expect(await tell({ token: tap(world, code) })).toEqual(open);
  expect(await tell({ code: code.toLowerCase() })).toEqual(open);
});

test("a forged token, one of another shop, a bot's, an old one and an unknown code all look like a link that is over", async () => {
  const { world, code, tell } = await buildInvited();
  const other = await buildUseCases(db);
  const old = tap(world, code);
  const over = { outcome: "closed", reason: "link_expired" };
  for (const token of ["a".repeat(120), tap(other, code), tap(world, code, { flags: 2 }), tap(world, "ZZZZZ")])
    expect(await tell({ token })).toEqual(over);
  expect(await tell({ code: "join" })).toEqual(over);
  world.clock.skip(WINDOW_MS);
  expect(await tell({ token: old })).toEqual(over);
});

test("a paused programme and a retired link invite nobody", async () => {
  const { world, code, tell } = await buildInvited();
  await saveTerms(world, { shopId: world.shopId, patch: { paused: true }, actor: "test" });
  expect(await tell({ code })).toEqual({ outcome: "closed", reason: "campaign_closed" });
  await saveTerms(world, { shopId: world.shopId, patch: { paused: false }, actor: "test" });
  const personId = (await personOf(world, DAN)) ?? "";
  await retireCode(world, { shopId: world.shopId, personId, reason: "merchant", actor: "test" });
  expect(await tell({ code })).toEqual({ outcome: "closed", reason: "link_expired" });
});

test("an invitation says its offer in the reader's language, and its money in the shop's currency", async () => {
  const { code, tell } = await buildInvited();
  const offers = await Promise.all(["de-DE", "fr", "es", "nl", "ja", "sv"].map((locale) => tell({ code }, locale)));
  const said = offers.map((invitation) => (invitation.outcome === "open" ? invitation.offer : "closed"));
  const spaced = said.map((offer) => offer.replaceAll(/\s/g, " "));
  expect(spaced).toEqual([
    "10 £ Rabatt",
    "10 £GB de réduction",
    "10 GBP de descuento",
    "£ 10 korting",
    "£10引き",
    "£10 off",
  ]);
});

test("an invitation says when the code waits for an address: with the switch on, and only where there is a code", async () => {
  const { world, code, tell } = await buildInvited();
  await saveTerms(world, { shopId: world.shopId, patch: { email_first: true }, actor: "test" });
  expect(await tell({ code }), "this link's friends get theirs after the order").toMatchObject({ emailFirst: false });
  const first = await buildUseCases(db, { terms: { friend: { when: "on_first_order" } } });
  const text = await mintCode(first);
  const ask = () => describeInvitation(first, { shop: first.shop, by: { code: text }, locale: "en" });
  expect(await ask()).toMatchObject({ emailFirst: false });
  await saveTerms(first, { shopId: first.shopId, patch: { email_first: true }, actor: "test" });
  expect(await ask(), "links that are out are gated too").toMatchObject({ emailFirst: true });
});
