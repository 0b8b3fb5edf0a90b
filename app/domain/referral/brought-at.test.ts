import { expect, test } from "vitest";
import { broughtAt } from "./brought-at.ts";

const at = (ms: number) => ({ getTime: () => ms });
const openedAt = at(5_000);

test.each([
  { what: "the winning click, where there is one", evidence: { clickedAt: 1_000 }, orderAt: at(500), is: 1_000 },
  { what: "the order of a referral opened by hand after it", evidence: null, orderAt: at(2_000), is: 2_000 },
  { what: "its opening, when the order came later", evidence: null, orderAt: at(9_000), is: 5_000 },
  { what: "its opening, without an order", evidence: null, orderAt: null, is: 5_000 },
])("broughtAt is $what", ({ evidence, orderAt, is }) => {
  expect(broughtAt({ evidence, openedAt, orderAt })).toBe(is);
});
