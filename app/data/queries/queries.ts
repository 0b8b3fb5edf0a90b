import type { AdminBlock, BlockSubject } from "#app/admin-block.ts";
import type { Queries } from "#app/goodword.ts";
import type { KnownShop } from "../shop-directory.repo.ts";
import type { CustomerStatus } from "#app/read-models.ts";
import { customerBlock, orderBlock } from "./admin-block.ts";
import { customerStatus } from "./customer-status.ts";
import { healthView } from "./health.ts";
import { homeView } from "./home.ts";
import { listReferrals } from "./list-referrals.ts";
import { linkedReferrals } from "./linked-referrals.ts";
import { closedCases, openCases } from "./open-cases.ts";
import { personView } from "./person.ts";
import { programmeView } from "./programme.ts";
import type { QueryDeps } from "./raw.ts";
import { reconciliationView } from "./reconciliation.ts";
import { referralDetail } from "./referral-detail.ts";
import { wordsView } from "./words.ts";

/** Binds every read model of the admin to the typed client and the keys. */
export function createQueries(deps: QueryDeps): Queries {
  return {
    home: (input) => homeView(deps, input),
    listReferrals: (input) => listReferrals(deps, input),
    referralDetail: (input) => referralDetail(deps, input),
    programme: (input) => programmeView(deps, input),
    health: (input) => healthView(deps, input),
    reconciliation: (input) => reconciliationView(deps, input),
    openCases: (input) => openCases(deps, input),
    closedCases: (input) => closedCases(deps, input),
    person: (input) => personView(deps, input),
    linkedReferrals: (input) => linkedReferrals(deps, input),
    words: (input) => wordsView(deps, input),
  };
}

/**
 * Binds what a customer may know about their own referrals.
 *
 * @returns A function of the shop and the numeric customer id that a verified token or signed request gave.
 */
export function createCustomerStatus(
  deps: QueryDeps,
): (input: { shop: KnownShop; customerId: string }) => Promise<CustomerStatus> {
  return ({ shop, customerId }) => {
    const customerHash = Buffer.from(shop.keyring.person("customer", customerId), "hex");
    return customerStatus(deps, { shopId: shop.shopId, customerHash });
  };
}

/** Binds what the admin's blocks show, for an id that the admin itself gave. */
export function createAdminBlock(
  deps: QueryDeps,
): (input: { shop: KnownShop; subject: BlockSubject }) => Promise<AdminBlock> {
  return ({ shop, subject }) => {
    const { shopId } = shop;
    if (subject.kind === "order") return orderBlock(deps, { shopId, orderId: subject.id });
    const customerHash = Buffer.from(shop.keyring.person("customer", subject.id), "hex");
    return customerBlock(deps, { shopId, customerHash });
  };
}
