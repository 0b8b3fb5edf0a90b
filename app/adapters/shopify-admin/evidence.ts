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
import type { AdminTransport } from "./transport.ts";
import { wholeOrder } from "./whole-order.ts";

type ShopRef = { readonly shopId: string; readonly domain: string };
type Read = { readonly outcome: "ok"; readonly evidence: readonly ShopifyEvidence[] } | ReadTrouble;

const NOTHING_BOUGHT = { cards: [], addresses: [] } as const;

/** The call that reads what decides about referrals: one for one of them, one for every eight of many; more for orders with more lines. */
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
    const evidence: ShopifyEvidence[] = [];
    for (const [n, { friendCustomerId, referrerCustomerId }] of asked.entries()) {
      const node = data.orders[n] ?? null;
      const order = node === null ? null : await wholeOrder(transport, shop, node);
      if (order !== null && order.outcome !== "ok") return order;
      const friend = friendOf.get(friendCustomerId ?? "") ?? null;
      const referrer = referrerOf.get(referrerCustomerId ?? "") ?? null;
      evidence.push({
        order: order?.order ?? null,
        friend: friend === null ? null : customerOfNode(friend),
        referrer: referrer === null ? null : customerOfNode(referrer),
        referrerBoughtWith: referrer === null ? NOTHING_BOUGHT : boughtWithOfNode(referrer),
      });
    }
    return { outcome: "ok", evidence };
  }

  return {
    async readEvidence(asked) {
      const evidence: ShopifyEvidence[] = [];
      for (let from = 0; from < asked.length; from += REFERRALS_AT_ONCE_MAX) {
        const some = asked.slice(from, from + REFERRALS_AT_ONCE_MAX);
        const read = await readSome(some, some.length === 1 ? LINES_READ_MAX : LINES_OF_EACH_MAX);
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
