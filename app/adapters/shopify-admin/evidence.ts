import type { ReadTrouble } from "#app/usecases/ports.ts";
import type { EvidenceAsked, EvidenceCalls, ShopifyEvidence } from "#app/usecases/evidence-port.ts";
import { gidOf } from "./ids.ts";
import {
  evidenceOfManyOperation,
  evidenceOperation,
  LINES_OF_EACH_MAX,
  REFERRALS_AT_ONCE_MAX,
} from "./operations/evidence.graphql.ts";
import { LINES_READ_MAX } from "./operations/orders.graphql.ts";
import { boughtWithOfNode, customerOfNode } from "./read-customer.ts";
import { orderOfNode } from "./read-order.ts";
import type { AdminTransport } from "./transport.ts";

type ShopRef = { readonly shopId: string; readonly domain: string };
type Read = { readonly outcome: "ok"; readonly evidence: readonly ShopifyEvidence[] } | ReadTrouble;

const NOTHING_BOUGHT = { cards: [], addresses: [] } as const;

/** The call that reads what decides about referrals: one for one of them, one for every eight of many. */
export function evidenceCalls(transport: AdminTransport, shop: ShopRef): EvidenceCalls {
  async function readSome(asked: readonly EvidenceAsked[], lines: number): Promise<Read> {
    const referrers = distinct(asked.map(({ referrerCustomerId }) => referrerCustomerId));
    const friends = distinct(asked.map(({ friendCustomerId }) => friendCustomerId));
    const answer = await transport.read(shop, asked.length === 1 ? evidenceOperation : evidenceOfManyOperation, {
      orders: asked.map(({ orderId }) => gidOf("Order", orderId)),
      friends: friends.map((id) => gidOf("Customer", id)),
      referrers: referrers.map((id) => gidOf("Customer", id)),
      lines,
    });
    if (answer.outcome !== "ok") return answer;
    // Shopify answers in the order of the ids, with null for what is not there (any more).
    const { data } = answer;
    const friendOf = new Map(friends.map((id, n) => [id, data.friends[n] ?? null]));
    const referrerOf = new Map(referrers.map((id, n) => [id, data.referrers[n] ?? null]));
    const evidence = asked.map(({ friendCustomerId, referrerCustomerId }, n) => {
      const order = data.orders[n] ?? null;
      const friend = friendOf.get(friendCustomerId ?? "") ?? null;
      const referrer = referrerOf.get(referrerCustomerId ?? "") ?? null;
      return {
        order: order === null ? null : orderOfNode(order),
        friend: friend === null ? null : customerOfNode(friend),
        referrer: referrer === null ? null : customerOfNode(referrer),
        referrerBoughtWith: referrer === null ? NOTHING_BOUGHT : boughtWithOfNode(referrer),
      };
    });
    return { outcome: "ok", evidence };
  }

  /** Reads again, alone, what has more lines than are read of each of many. */
  async function whole(asked: EvidenceAsked, known: ShopifyEvidence): Promise<Read> {
    return known.order?.linesTruncated === true
      ? readSome([asked], LINES_READ_MAX)
      : { outcome: "ok", evidence: [known] };
  }

  async function readTogether(asked: readonly EvidenceAsked[]): Promise<Read> {
    const read = await readSome(asked, LINES_OF_EACH_MAX);
    if (read.outcome !== "ok") return read;
    const evidence: ShopifyEvidence[] = [];
    for (const [n, known] of read.evidence.entries()) {
      const one = asked[n];
      if (one === undefined) continue;
      const all = await whole(one, known);
      if (all.outcome !== "ok") return all;
      evidence.push(...all.evidence);
    }
    return { outcome: "ok", evidence };
  }

  return {
    async readEvidence(asked) {
      const evidence: ShopifyEvidence[] = [];
      for (let from = 0; from < asked.length; from += REFERRALS_AT_ONCE_MAX) {
        const some = asked.slice(from, from + REFERRALS_AT_ONCE_MAX);
        const read = await (some.length === 1 ? readSome(some, LINES_READ_MAX) : readTogether(some));
        if (read.outcome !== "ok") return read;
        evidence.push(...read.evidence);
      }
      return { outcome: "ok", evidence };
    },
  };
}

function distinct(ids: readonly (string | null)[]): string[] {
  return [...new Set(ids.filter((id) => id !== null))];
}
