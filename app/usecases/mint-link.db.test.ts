import { afterAll, expect, test } from "vitest";
import pg from "pg";
import { createPools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId, shopIdFor } from "#app/platform/ids.ts";
import { buildCustomerAnswer } from "#test/builders/fake-shopify.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { DAN, EVE, findingsOf, HOUR_MS, mintCode, personOf } from "#test/builders/journeys.ts";
import { heldUp } from "#test/builders/held-up.ts";
import { cloneDatabase, dropTestDatabase } from "#test/harness/cluster.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { describeInvitation } from "./describe-invitation.ts";
import { identifyPerson } from "./identify-person.ts";
import { installShop } from "./install-shop.ts";
import { claimNewCode, mintLink } from "./mint-link.ts";
import type { MintLinkResult } from "./mint-link.ts";
import { retireCode } from "./retire-code.ts";
import { saveTerms } from "./save-terms.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const TWENTY = Array.from({ length: 20 });

function mint(world: UseCases, customerId: string = DAN): Promise<MintLinkResult> {
  return mintLink(world, { shop: world.shop, customerId, device: null });
}

/** The customer has bought before and is known, so that an ask is one transaction. */
async function knownBuyer(world: UseCases): Promise<void> {
  world.shopify.customers.set(DAN, buildCustomerAnswer(DAN));
  const terms = { who_may_refer: "any_customer" };
  await saveTerms(world, { shopId: world.shopId, patch: terms, actor: "test" });
  await mintLink(world, { shop: world.shop, customerId: DAN, device: null });
  const [owner] = await world.query<{ id: string }>("SELECT person_id AS id FROM codes");
  await retireCode(world, { shopId: world.shopId, personId: owner?.id ?? "", reason: "replaced", actor: "test" });
}

/** Somebody is seen, and has no link. */
async function identify(world: UseCases, customerId: string): Promise<void> {
  const customerHash = world.shop.keyring.person("customer", customerId);
  const seen = { shopId: world.shopId, hashes: { customerHash, emailHash: null, phoneHash: null } };
  await inShop(world.pools, world.shopId, (tx) => identifyPerson(tx, { ...seen, now: world.clock.now() }));
}

function activeCodes(world: UseCases): Promise<{ code: string }[]> {
  return world.query("SELECT code FROM codes WHERE state = 'active'");
}

// First in its file: a database is only copied while nobody is connected to it.
test("with one_active_code dropped, twenty asks at once make twenty codes: so the index is what makes it one", async () => {
  const databaseUrl = await cloneDatabase(db.databaseUrl, `goodword_unguarded_${newId().slice(-12)}`);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query("DROP INDEX one_active_code");
  await client.end();
  const pools = createPools({ databaseUrl, connectionsMax: 20 });
  try {
    const world = await buildUseCases({ pools, databaseUrl });
    await knownBuyer(world);
    await heldUp(databaseUrl, "codes", 20, () => TWENTY.map(() => mint(world)));
    expect(await activeCodes(world)).toHaveLength(20);
  } finally {
    await pools.end();
    await dropTestDatabase(databaseUrl);
  }
});

test("twenty asks at once give one code, for somebody who was never seen before as well", async () => {
  const world = await buildUseCases(db);
  world.shopify.customers.set(DAN, buildCustomerAnswer(DAN));
  const links = await Promise.all(TWENTY.map(() => mint(world)));
  const texts = new Set(links.map((link) => (link.outcome === "refused" ? link.reason : link.code)));
  expect(texts.size).toBe(1);
  expect(links.filter(({ outcome }) => outcome === "minted")).toHaveLength(1);
  expect(await activeCodes(world)).toHaveLength(1);
});

test("twenty asks at once of a known buyer give one code", async () => {
  const world = await buildUseCases(db);
  await knownBuyer(world);
  await heldUp(db.databaseUrl, "codes", 10, () => TWENTY.map(() => mint(world)));
  expect(await activeCodes(world)).toHaveLength(1);
});

test("mintLink answers the link, the offer and an invite that carries the link once", async () => {
  const world = await buildUseCases(db);
  world.shopify.customers.set(DAN, buildCustomerAnswer(DAN));
  const link = await mint(world);
  if (link.outcome === "refused") throw new Error(link.reason);
  expect(link.link).toBe(`https://freshbox.example/a/r/${link.code}`);
  expect(link.offer).toEqual({ referrer: "£10 off", friend: "£10 off" });
  expect(link.invite.split(link.link)).toHaveLength(2);
  expect(await mint(world)).toMatchObject({ outcome: "existing", code: link.code });
});

test("mintLink refuses buy_first to somebody who never bought, and to one whom Shopify does not know", async () => {
  const world = await buildUseCases(db);
  world.shopify.customers.set(EVE, buildCustomerAnswer(EVE, { numberOfOrders: 0n }));
  expect(await mint(world, EVE)).toEqual({ outcome: "refused", reason: "buy_first" });
  expect(await mint(world, DAN)).toEqual({ outcome: "refused", reason: "buy_first" });
  expect(await activeCodes(world)).toEqual([]);
});

test("mintLink says that it cannot tell while Shopify is away, and refuses nobody", async () => {
  const world = await buildUseCases(db);
  world.shopify.trouble = { outcome: "unavailable", retryAfterMs: 1_000 };
  await expect(mint(world)).rejects.toMatchObject({ code: "admin_unavailable" });
});

test("mintLink gives an existing code while Shopify is away", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  world.shopify.trouble = { outcome: "unavailable", retryAfterMs: 1_000 };
  expect(await mint(world)).toMatchObject({ outcome: "existing", code });
});

test("mintLink refuses campaign_closed while the programme is paused, and to nobody who has a code", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await saveTerms(world, { shopId: world.shopId, patch: { paused: true }, actor: "test" });
  world.shopify.customers.set(EVE, buildCustomerAnswer(EVE));
  expect(await mint(world, EVE)).toEqual({ outcome: "refused", reason: "campaign_closed" });
  expect(await mint(world)).toMatchObject({ outcome: "existing", code });
});

test("mintLink gives links to a tag alone where the terms say so, whatever its capitals", async () => {
  const world = await buildUseCases(db, { terms: { who_may_refer: "tag", who_may_refer_tag: "VIP" } });
  world.shopify.customers.set(DAN, buildCustomerAnswer(DAN, { tags: ["vip"], numberOfOrders: 0n }));
  world.shopify.customers.set(EVE, buildCustomerAnswer(EVE, { tags: ["vipers"] }));
  expect(await mint(world)).toMatchObject({ outcome: "minted" });
  expect(await mint(world, EVE)).toEqual({ outcome: "refused", reason: "buy_first" });
});

test("mintLink gives every customer a link where the terms say so, whether or not Shopify answers", async () => {
  const world = await buildUseCases(db, { terms: { who_may_refer: "any_customer" } });
  world.shopify.trouble = { outcome: "unavailable", retryAfterMs: 1_000 };
  expect(await mint(world, EVE)).toMatchObject({ outcome: "minted" });
  const calls = world.shopify.calls.length;
  expect(await mint(world, EVE)).toMatchObject({ outcome: "existing" });
  expect(world.shopify.calls).toHaveLength(calls);
});

test("mintLink makes a new code after the old one was retired, under the terms then in force", async () => {
  const world = await buildUseCases(db);
  const first = await mintCode(world);
  await saveTerms(world, { shopId: world.shopId, patch: { referrer: { amount: "15.00" } }, actor: "test" });
  expect(await mint(world)).toMatchObject({ offer: { referrer: "£10 off" } });
  const [owner] = await world.query<{ id: string }>("SELECT person_id AS id FROM codes");
  await retireCode(world, { shopId: world.shopId, personId: owner?.id ?? "", reason: "merchant", actor: "test" });
  const second = await mint(world);
  expect(second).toMatchObject({ outcome: "minted", offer: { referrer: "£15 off" } });
  expect(second).not.toMatchObject({ code: first });
  expect(await findingsOf(world)).toEqual([]);
});

test("mintLink gives a known buyer their link while Shopify is away, and learns their name once it is back", async () => {
  const world = await buildUseCases(db);
  await knownBuyer(world);
  world.shopify.customers.set(EVE, buildCustomerAnswer(EVE, { firstName: "Eve", locale: "de-AT" }));
  world.shopify.trouble = { outcome: "unavailable", retryAfterMs: 1_000 };
  const before = world.shopify.calls.length;
  const link = await mint(world, EVE);
  if (link.outcome === "refused") throw new Error(link.reason);
  expect(world.shopify.calls, "nothing is asked while the customer waits").toHaveLength(before);
  const invited = () => describeInvitation(world, { shop: world.shop, by: { code: link.code }, locale: "en" });
  await world.work();
  expect(await invited()).toMatchObject({ from: null });
  world.shopify.trouble = null;
  world.clock.skip(HOUR_MS);
  await world.work();
  expect(await invited()).toMatchObject({ from: "Eve" });
  expect(await mint(world, EVE), "words are in the owner's language from then on").toMatchObject({
    outcome: "existing",
    offer: { friend: expect.stringMatching(/Rabatt$/) },
  });
});

test("the owner of a link that was retired meanwhile is not asked about", async () => {
  const world = await buildUseCases(db, { terms: { who_may_refer: "any_customer" } });
  world.shopify.customers.set(EVE, buildCustomerAnswer(EVE));
  await mint(world, EVE);
  const [owner] = await world.query<{ id: string }>("SELECT person_id AS id FROM codes");
  await retireCode(world, { shopId: world.shopId, personId: owner?.id ?? "", reason: "customer_left", actor: "test" });
  const before = world.shopify.calls.length;
  await world.work();
  expect(world.shopify.calls.slice(before)).not.toContain("readCustomer");
});

test("a shop whose first terms are not written yet gives no links", async () => {
  const world = await buildUseCases(db);
  world.shopify.trouble = { outcome: "unavailable", retryAfterMs: 0 };
  const domain = `bare-${newId().slice(-12)}.myshopify.com`;
  await installShop(world, { domain, scopes: "read_orders" });
  const shop = { ...world.shop, shopId: shopIdFor(domain), domain };
  await expect(mintLink(world, { shop, customerId: DAN, device: null })).rejects.toMatchObject({
    code: "shop_unknown",
  });
});

test("a draw that gives nothing, bad language or a name that is taken is drawn again", async () => {
  const world = await buildUseCases(db);
  const taken = await mintCode(world);
  const { shopId } = world;
  await identify(world, EVE);
  const personId = (await personOf(world, EVE)) ?? "";
  const draws = [null, "SHT22", taken, "KDP3M", "TRY2M"];
  const seen: number[] = [];
  const draw = (clashes: number): string | null => draws[seen.push(clashes) - 1] ?? null;
  const minting = { shopId, personId, termsVersion: 1, now: world.clock.now() };
  const claimed = await inShop(db.pools, shopId, (tx) => claimNewCode(tx, minting, draw));
  expect(claimed).toMatchObject({ outcome: "minted", code: "KDP3M" });
  expect(seen).toEqual([0, 1, 2, 3]);
  const again = await inShop(db.pools, shopId, (tx) => claimNewCode(tx, minting, () => "TRY2M"));
  expect(again).toMatchObject({ outcome: "existing", row: { code: "KDP3M" } });
});
