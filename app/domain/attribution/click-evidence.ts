/** Ways in which a person's click reaches us, strongest first. */
export const CARRIERS = ["cart_attribute", "welcome_code", "claim", "account_bind", "pixel", "landing_site"] as const;
export type Carrier = (typeof CARRIERS)[number];

/** Bits of a click that make it count for nothing. They travel inside the signed token. */
export const CLICK_FLAG = { bot: 1, forced: 2 } as const;

/** What a verified token says, and what is known of its code. Times are epoch milliseconds. */
export type ClickEvidence = {
  readonly clickId: string;
  readonly code: string;
  /** Null when no code of the shop has this text. */
  readonly codeId: string | null;
  readonly referrerPerson: string | null;
  readonly clickedAt: number;
  readonly expiresAt: number;
  /** `CLICK_FLAG` bits. */
  readonly flags: number;
  readonly device: string | null;
  readonly carrier: Carrier;
  readonly codeState: "active" | "retired" | "unknown";
  readonly codeRetiredReason: string | null;
  readonly codeRetiredAt: number | null;
  readonly campaignOpenAtClick: boolean;
  /** The click was made by the code's owner, as far as the click itself tells. */
  readonly isOwnersClick: boolean;
  /** The cart that a claim was made with, as a keyed hash; null for every other carrier, and where none was told. */
  readonly cartTokenHash: string | null;
  /** The theme embed was on, and no page in sight confirmed the click. */
  readonly isUnseen: boolean;
  /** From the terms that the code pins: null when any order before makes a customer an existing one. */
  readonly newCustomerDays: number | null;
};

/** Place of a carrier in the order of strength; 0 is the strongest. */
export function carrierRank(carrier: Carrier): number {
  return CARRIERS.indexOf(carrier);
}
