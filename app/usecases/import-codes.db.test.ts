import { afterAll, expect, test } from "vitest";
import { importCodes } from "#app/usecases/import-codes.ts";
import { nameLink } from "#app/usecases/name-link.ts";
import { buy, DAN, EVE, mintCode, onlyReferral, personOf, tap } from "#test/builders/journeys.ts";
import { heldUp } from "#test/builders/held-up.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const MAIL = "tom@example.com";
const TOM = "8001";

/** Dan has a link; Tom has bought and has none. */
async function buildShop() {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await buy(world, { orderId: "4001", customerId: TOM, email: MAIL });
  const bring = (text: string, checkOnly = false) =>
    importCodes(world, { shop: world.shop, text, checkOnly, actor: "staff" });
  return { world, code, bring };
}

function aliasesOf(world: UseCases) {
  return world.query("SELECT a.alias, c.code FROM code_aliases a JOIN codes c ON c.id = a.code_id ORDER BY 1");
}

test("an import lets old codes lead to their customers' links, makes the links that are missing, and tells what it cannot take", async () => {
  const { world, code, bring } = await buildShop();
  const text = `code,customer\nOLD-DAN,${DAN}\nOLD-TOM,${MAIL}\nOLD-TOM-2,${TOM}\nOLD-DAN,${MAIL}\n${code},${MAIL}\nOLD-X,nobody@example.com\nrubbish`;
  const told = {
    lines: 7,
    added: 3,
    known: 0,
    minted: 1,
    problems: [
      { line: 5, text: `OLD-DAN,${MAIL}`, reason: "taken" },
      { line: 6, text: `${code},${MAIL}`, reason: "taken" },
      { line: 7, text: "OLD-X,nobody@example.com", reason: "unknown_customer" },
      { line: 8, text: "rubbish", reason: "not_two_fields" },
    ],
  };
  expect(await bring(text, true)).toEqual({ outcome: "checked", ...told });
  expect(await aliasesOf(world)).toEqual([]);
  expect(await world.query("SELECT FROM codes")).toHaveLength(1);
  expect(await bring(text)).toEqual({ outcome: "imported", ...told });
  const [toms] = await world.query<{ code: string }>("SELECT code FROM codes WHERE code <> $1", [code]);
  expect(await aliasesOf(world)).toEqual([
    { alias: "OLD-DAN", code },
    { alias: "OLD-TOM", code: toms?.code },
    { alias: "OLD-TOM-2", code: toms?.code },
  ]);
  expect(await bring(text)).toMatchObject({ outcome: "imported", added: 0, known: 3, minted: 0 });
});

test("a friend who comes by an imported code or a name is the customer's friend", async () => {
  const { world, bring } = await buildShop();
  await bring(`OLD-DAN,${DAN}`);
  await buy(world, { orderId: "5001", tokens: { cartAttribute: [tap(world, "OLD-DAN")], landingSite: [] } });
  expect((await onlyReferral(world)).referrer).toBe(await personOf(world, DAN));
});

test("an empty file and one that is too long are refused as a whole", async () => {
  const { bring } = await buildShop();
  expect(await bring("code,customer\n\n")).toEqual({ outcome: "refused", reason: "nothing_to_read" });
  const long = Array.from({ length: 2_001 }, (_, n) => `CODE${n},${n}`).join("\n");
  expect(await bring(long)).toEqual({ outcome: "refused", reason: "too_many_lines" });
});

test("a link takes another name once, and no name that is no name, unwanted, reserved or somebody else's", async () => {
  const { world, code } = await buildShop();
  const eves = await mintCode(world, EVE);
  const personId = (await personOf(world, DAN)) ?? "";
  const name = (asked: string, person = personId) =>
    nameLink(world, { shopId: world.shopId, personId: person, name: asked, actor: "staff" });
  expect(await name(" Dan-and-Mara ")).toEqual({ outcome: "named", alias: "DAN-AND-MARA" });
  expect(await name("dan-and-mara")).toEqual({ outcome: "known", alias: "DAN-AND-MARA" });
  expect(await aliasesOf(world)).toEqual([{ alias: "DAN-AND-MARA", code }]);
  for (const [asked, reason] of [
    ["d!", "not_a_name"],
    ["join", "not_a_name"],
    ["wank-er", "unwanted_word"],
    [eves, "taken"],
  ] as const)
    expect(await name(asked)).toEqual({ outcome: "refused", reason });
  const evesPerson = (await personOf(world, EVE)) ?? "";
  expect(await name("dan-and-mara", evesPerson)).toEqual({ outcome: "refused", reason: "taken" });
  expect(await name("tom", (await personOf(world, TOM)) ?? "")).toEqual({
    outcome: "refused",
    reason: "no_active_code",
  });
});

test("while the shop counts in another currency than its terms nobody gets a new link by an import", async () => {
  const { world } = await buildShop();
  const shop = { ...world.shop, currency: "EUR" };
  const text = `OLD-DAN,${DAN}\nOLD-TOM,${TOM}`;
  expect(await importCodes(world, { shop, text, checkOnly: false, actor: "staff" })).toMatchObject({
    added: 1,
    minted: 0,
    problems: [{ line: 2, reason: "currency_changed" }],
  });
});

test("an import that fails fails as a whole, a check of one too", async () => {
  const { world } = await buildShop();
  const clock = {
    now: () => {
      throw new Error("no clock");
    },
  };
  for (const checkOnly of [true, false]) {
    const input = { shop: world.shop, text: `OLD-DAN,${DAN}`, checkOnly, actor: "staff" };
    await expect(importCodes({ ...world, clock }, input)).rejects.toThrow("no clock");
  }
  expect(await aliasesOf(world)).toEqual([]);
});

test("an import meets a name that somebody takes at this moment as one that is taken", async () => {
  const { world, bring } = await buildShop();
  await mintCode(world, EVE);
  const personId = (await personOf(world, EVE)) ?? "";
  const [named, brought] = await heldUp<unknown>(world.databaseUrl, "code_aliases", 2, () => [
    nameLink(world, { shopId: world.shopId, personId, name: "the-reeds", actor: "7001" }),
    bring(`THE-REEDS,${DAN}`),
  ]);
  const results = [named, brought].map((each) => (each?.status === "fulfilled" ? each.value : each?.reason));
  const isEves = JSON.stringify(results[0]).includes("named");
  expect(results).toMatchObject(
    isEves
      ? [{ outcome: "named" }, { outcome: "imported", added: 0, problems: [{ reason: "taken" }] }]
      : [
          { outcome: "refused", reason: "taken" },
          { outcome: "imported", added: 1, problems: [] },
        ],
  );
});
