import { witness } from "../journey/actors.ts";
import type { Shop } from "../journey/actors.ts";
import { asList, asObject, callApp, control, expectThat } from "../journey/http.ts";
import type { Json } from "../journey/http.ts";
import type { Observer } from "../oracle/observer.ts";

/** Something that was done to a shop by hand, and what has to be said about it. */
export type Meddling = {
  readonly shop: string;
  readonly kind:
    "discount_edited" | "discount_missing" | "code_unknown" | "code_missing" | "credit_changed" | "credit_missing";
  /** The code, or the number of the discount, gift card or credit. */
  readonly subject: string;
};

/** A code as staff would make one up. */
const STAFF_CODE = "STAFFPARTY";

/** Changes a discount of the shop and adds a code to another, by hand. @returns what was done, and how to undo the change */
export async function editAndAdd(shop: Shop): Promise<{ done: Meddling[]; restore: () => Promise<void> }> {
  const { target, domain } = shop;
  const [edited, other] = await twoDiscounts(shop);
  const id = String(edited["id"]);
  await control(target, "POST", "discounts/edit", { shop: domain, id, amount: "99.00", usageLimit: null });
  await control(target, "POST", "discounts/add-code", { shop: domain, id: String(other["id"]), code: STAFF_CODE });
  const restore = async (): Promise<void> => {
    await control(target, "POST", "discounts/edit", {
      shop: domain,
      id,
      amount: String(edited["value"]),
      usageLimit: 1,
    });
  };
  return {
    done: [
      { shop: domain, kind: "discount_edited", subject: id },
      { shop: domain, kind: "code_unknown", subject: STAFF_CODE },
    ],
    restore,
  };
}

/** Deletes a discount of the shop, and one code of another. */
export async function deleteBoth(shop: Shop): Promise<Meddling[]> {
  const { target, domain } = shop;
  const [deleted, other] = await twoDiscounts(shop);
  const id = String(deleted["id"]);
  const code = String(asObject(asList(other["codes"])[0])["code"]);
  await control(target, "POST", "discounts/delete", { shop: domain, id });
  await control(target, "POST", "discounts/remove-code", { shop: domain, code });
  return [
    { shop: domain, kind: "discount_missing", subject: id },
    { shop: domain, kind: "code_missing", subject: code },
  ];
}

async function twoDiscounts(shop: Shop): Promise<[Json, Json]> {
  const [first, second] = (await witness(shop)).discounts;
  if (first === undefined || second === undefined) throw new Error(`${shop.domain} has fewer than two discounts`);
  return [first, second];
}

type OpenDifference = Meddling & { readonly id: string };

/** What the app says is different, in these shops. */
export async function openDifferences(observer: Observer, shops: readonly Shop[]): Promise<OpenDifference[]> {
  const rows = await observer.query(
    `SELECT s.domain AS shop, d.id::text, d.kind, regexp_replace(d.subject, '^gid:.*/', '') AS subject
       FROM differences d JOIN shops s ON s.id = d.shop_id WHERE d.state = 'open'`,
  );
  const domains = new Set(shops.map(({ domain }) => domain));
  return (rows as OpenDifference[]).filter(({ shop }) => domains.has(shop)); // the columns of the statement above
}

/** Compares what was done with what is said: everything that is in one list alone is unexplained. */
export function unexplained(done: readonly Meddling[], said: readonly Meddling[]): string[] {
  const namesOf = (some: readonly Meddling[]): string[] => some.map((one) => `${one.shop} ${one.kind} ${one.subject}`);
  const [here, there] = [namesOf(done), namesOf(said)];
  return [...here.filter((name) => !there.includes(name)), ...there.filter((name) => !here.includes(name))];
}

const REMEDIES: Readonly<Record<Meddling["kind"], "withdraw" | "make_again" | "accept" | null>> = {
  discount_edited: null, // changed back in the shop
  code_unknown: "withdraw",
  discount_missing: "make_again",
  code_missing: "make_again",
  // Shopify switches no gift card on again: what the merchant took away stays taken.
  credit_changed: "accept",
  credit_missing: "accept",
};

/** Puts right what can be put right in the app, and lets the payouts run again, as the merchant does on the health page. */
export async function putRight(shop: Shop, differences: readonly OpenDifference[]): Promise<void> {
  const { target, domain } = shop;
  const token = String((await control(target, "POST", `shops/${domain}/id-token`, {}))["token"]);
  const post = async (form: Record<string, string>): Promise<void> => {
    const { status, body } = await callApp(target, { method: "POST", path: "/app/health", token, form });
    expectThat(status === 200, `${form["choice"] ?? form["intent"]} is taken`, body);
  };
  for (const { shop: of, kind, id } of differences) {
    const choice = REMEDIES[kind];
    if (of === domain && choice !== null) await post({ intent: "difference", differenceId: id, choice });
  }
  await post({ intent: "resume" });
}
