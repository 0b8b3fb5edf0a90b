import type { NoteKind } from "../note-kind.ts";

/** The fixed words of one language. `{shop}` and the like are put in by code; `{{name}}` and the like are a note's tokens. */
export type Phrases = {
  /** With a name to use, and without: in an invite it is the sender's, in thanks the other person's. */
  readonly notes: { readonly [K in NoteKind]: { readonly named: string; readonly unnamed: string } };
  /** What a side gets, as it stands in the middle of a sentence. */
  readonly rewards: Readonly<Record<"fixed" | "percent" | "free_shipping" | "store_credit" | "gift_card", string>>;
  readonly mail: {
    readonly subject: string;
    readonly hello: string;
    readonly helloUnnamed: string;
    readonly code: string;
    readonly giftCard: string;
    readonly storeCredit: string;
    readonly used: string;
    readonly shop: string;
    readonly button: string;
    readonly why: string;
    readonly stop: string;
  };
  /** A text message about a reward that has a code, and about one that has none. */
  readonly sms: { readonly code: string; readonly bare: string };
  /** "{n} days", by the plural categories that the language has; `other` stands for every one that is not there. */
  readonly days: { readonly other: string } & { readonly [Category in Intl.LDMLPluralRule]?: string };
};
