import type { Reader } from "../json/read.ts";
import { listOf, nullable, objectOf, textLike, textUpTo, truth, wholeNumber } from "../json/read.ts";
import type { PayableOrder } from "./payability.ts";

type Printed<T> = { readonly [K in keyof T]: T[K] extends bigint ? string : T[K] };
/** An order as kept with its referral: plain JSON, amounts as whole numbers of minor units in text. */
export type OrderSnapshotJson = Omit<Printed<PayableOrder>, "lines"> & {
  readonly lines: readonly Printed<PayableOrder["lines"][number]>[];
};

const LINES_MAX = 1_000;
const QUANTITY_MAX = 1_000_000_000;
const TEXT_LENGTH_MAX = 64;
const EPOCH_MS_MAX = 8_640_000_000_000_000;
const minorText = textLike(/^-?\d{1,30}$/);

const readSnapshot: Reader<OrderSnapshotJson> = objectOf({
  orderId: textLike(/^\d{1,20}$/),
  test: truth,
  cancelledAt: nullable(wholeNumber(0, EPOCH_MS_MAX)),
  financialStatus: textUpTo(TEXT_LENGTH_MAX),
  totalMinor: minorText,
  taxesIncluded: truth,
  lines: listOf(
    objectOf({
      quantity: wholeNumber(0, QUANTITY_MAX),
      currentQuantity: wholeNumber(0, QUANTITY_MAX),
      discountedMinor: minorText,
      taxMinor: minorText,
      isGiftCard: truth,
      isTip: truth,
    }),
    LINES_MAX,
  ),
  personId: nullable(textUpTo(TEXT_LENGTH_MAX)),
});

/** Prints an order for keeping. `orderFromSnapshot` reads it back to the same order. */
export function snapshotOfOrder(order: PayableOrder): OrderSnapshotJson {
  return {
    ...order,
    totalMinor: order.totalMinor.toString(),
    lines: order.lines.map((line) => ({
      ...line,
      discountedMinor: line.discountedMinor.toString(),
      taxMinor: line.taxMinor.toString(),
    })),
  };
}

/** Reads a kept order. Returns null for anything else; never throws. */
export function orderFromSnapshot(json: unknown): PayableOrder | null {
  const snapshot = readSnapshot(json)?.value;
  if (snapshot === undefined) return null;
  return {
    ...snapshot,
    totalMinor: BigInt(snapshot.totalMinor),
    lines: snapshot.lines.map((line) => ({
      ...line,
      discountedMinor: BigInt(line.discountedMinor),
      taxMinor: BigInt(line.taxMinor),
    })),
  };
}
