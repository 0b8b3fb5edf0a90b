import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import type { Pools } from "./pools.ts";

/** Why a genuine delivery is kept without facts; never its bytes. */
export type UnreadableFacts = {
  readonly kind: "unreadable";
  readonly reason: "not_utf8" | "not_json" | "nul" | "too_deep" | "wrong_shape" | "not_storable";
  readonly bodyBytes: number;
  /** Where reading stopped, in bytes or characters; null when that is not known. */
  readonly errorOffset: number | null;
};

/** One row of the inbox as a door writes it: work to do, or a dead letter from birth. */
export type DeliveryRow = {
  readonly shopId: string;
  readonly id: string;
  readonly topic: string;
  /** With shop and topic, what makes a delivery the same delivery. */
  readonly webhookId: string;
  readonly eventId: string | null;
  /** 64 hex digits. */
  readonly bodySha256: string;
  /** JSON, as `factsText` writes it. */
  readonly facts: string;
  readonly state: "new" | "dead";
  readonly receivedAt: Date;
};

/**
 * Writes facts as they are stored. At once, not with the batch: while a row waits for its commit, one text is all that the
 * garbage collector has to carry along for it.
 */
export function factsText(facts: InboxFacts | UnreadableFacts): string {
  return JSON.stringify(facts);
}

// The door's role may insert and nothing else: no conflict target and no RETURNING, both would need to read.
// A column comes as lines of one text: quoting every value of an array costs more than everything else here.
const STORE_DELIVERIES = {
  name: "store-deliveries",
  text: `
    INSERT INTO inbox (shop_id, id, topic, webhook_id, event_id, body_sha256, facts, state, next_at, received_at)
    SELECT shop_id::uuid, id::uuid, topic, webhook_id, nullif(event_id, ''), decode(sha256, 'hex'), facts::jsonb, state,
           CASE WHEN state = 'new' THEN received_at::timestamptz END, received_at::timestamptz
      FROM unnest(string_to_array($1, E'\\n'), string_to_array($2, E'\\n'), string_to_array($3, E'\\n'), string_to_array($4, E'\\n'),
                  string_to_array($5, E'\\n'), string_to_array($6, E'\\n'), string_to_array($7, E'\\n'), string_to_array($8, E'\\n'),
                  string_to_array($9, E'\\n'))
        AS r (shop_id, id, topic, webhook_id, event_id, sha256, facts, state, received_at)
        ON CONFLICT DO NOTHING`,
};

/**
 * Stores deliveries in one statement, all or none, committed when it resolves. One that is there already is left as it
 * is: a duplicate is a success.
 */
export async function storeDeliveries(pools: Pick<Pools, "door">, rows: readonly DeliveryRow[]): Promise<void> {
  // Two batches that hold the same deliveries in different orders would wait for each other.
  const ordered = inOrder(rows);
  await pools.door.query({
    ...STORE_DELIVERIES,
    values: [
      lines(ordered, (row) => row.shopId),
      lines(ordered, (row) => row.id),
      lines(ordered, (row) => row.topic),
      lines(ordered, (row) => row.webhookId),
      lines(ordered, (row) => row.eventId ?? ""),
      lines(ordered, (row) => row.bodySha256),
      lines(ordered, (row) => row.facts),
      lines(ordered, (row) => row.state),
      lines(ordered, (row) => row.receivedAt.toISOString()),
    ],
  });
}

/** One line for each row. No value holds a line break: the door's ids are of visible characters, and JSON escapes its own. */
function lines(rows: readonly DeliveryRow[], value: (row: DeliveryRow) => string): string {
  return rows.map(value).join("\n");
}

function inOrder(rows: readonly DeliveryRow[]): DeliveryRow[] {
  return rows.toSorted(
    (left, right) =>
      compareText(left.webhookId, right.webhookId) ||
      compareText(left.topic, right.topic) ||
      compareText(left.shopId, right.shopId),
  );
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
