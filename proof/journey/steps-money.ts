import { bind, buy, letTimePass, signUp, takeLink, tap, witness } from "./actors.ts";
import type { Person, Shop } from "./actors.ts";
import { callApp, control, expectThat, openAdminPage, settle } from "./http.ts";
import type { Json } from "./http.ts";

/** What a reviewer's form on the case list holds beside its buttons. */
export type CaseForm = { readonly caseId: string; readonly version: string };

/**
 * A friend's order is refunded after both were rewarded: a person is asked, nothing is taken back, and the person withdraws
 * the referrer's unused code. On a shop of its own, whose friends are rewarded after their first order.
 *
 * @returns what was seen, in a few words
 */
export async function refundAfterReward(shop: Shop): Promise<string> {
  await saveTerms(shop, { friend: { when: "after_first_order" } });
  const dan = await signUp(shop, { firstName: "Dana", seed: 401, pastOrders: 1 });
  await settle(shop.target);
  const orderId = await rewardedFriend(shop, dan);
  const before = await witness(shop);
  expectThat(before.codes.length === 2, "both sides have a code", before.codes);

  await control(shop.target, "POST", `orders/${orderId}/refund`, {
    amount: shop.currency === "JPY" ? "2100" : "21.00",
  });
  await settle(shop.target);
  const page = await openAdminPage(shop.target, shop.domain, "/app/review");
  expectThat(page.includes("(50 %)"), "the case shows how much of the order went back");
  const form = caseFormOf(page, "withdraw");
  const asked = await witness(shop);
  expectThat(asked.codes.length === 2, "nothing was taken back", asked.codes);

  const answer = await postAdmin(shop, "/app/review", { ...form, intent: "withdraw", side: "referrer" });
  expectThat(answer.status === 200, "the withdrawal is taken", answer);
  const again = await postAdmin(shop, "/app/review", { ...form, intent: "withdraw", side: "referrer" });
  expectThat(again.status === 409, "the same answer again changes nothing", again);
  await letTimePass(shop, "PT10M");
  const after = await witness(shop);
  expectThat(after.codes.length === 1, "the unused code is gone from the shop, the friend's is not", after.codes);
  return "a case with 50 %, nothing taken back, one code withdrawn by a person";
}

/** @returns the order of a friend who came, bought and was rewarded */
async function rewardedFriend(shop: Shop, referrer: Person): Promise<string> {
  const link = await takeLink(shop, referrer);
  const token = await tap(shop, String(link["code"]), { ip: "198.51.100.201" });
  const friend = await signUp(shop, { firstName: "Maria", seed: 402 });
  await bind(shop, friend, [token]);
  await letTimePass(shop, "PT1H");
  const orderId = await buy(shop, friend, [token]);
  await letTimePass(shop, "P14DT1M");
  return orderId;
}

/** Finds the form of the case that offers this answer, as a browser without scripts would send it. */
export function caseFormOf(page: string, intent: string): CaseForm {
  const form = page.split("<form").find((part) => part.includes(`value="${intent}"`)) ?? "";
  const [, caseId] = /name="caseId" value="([^"]+)"/.exec(form) ?? [];
  const [, version] = /name="version" value="(\d+)"/.exec(form) ?? [];
  expectThat(caseId !== undefined && version !== undefined, `a case offers "${intent}"`);
  return { caseId, version };
}

/** Sends a form of the embedded admin. */
export async function postAdmin(
  shop: Shop,
  path: string,
  form: Record<string, string>,
): Promise<{ status: number; body: Json }> {
  const token = String((await control(shop.target, "POST", `shops/${shop.domain}/id-token`, {}))["token"]);
  return callApp(shop.target, { method: "POST", path, token, form });
}

async function saveTerms(shop: Shop, terms: object): Promise<void> {
  const saved = await postAdmin(shop, "/app/program", { terms: JSON.stringify(terms) });
  expectThat(saved.status === 200, "the terms are saved", saved);
}
