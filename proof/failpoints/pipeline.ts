import { NOTE_CLAIM } from "../mutants/code/guards.ts";

/** Rooms whose every await is instrumented: between receipt and sent note a story goes nowhere else. */
export const ROOMS = ["app/edge", "app/jobs", "app/usecases", "app/adapters", "app/data"] as const;

/** What is played: referrals whose rewards, two each, are given in this form. */
export type Story = {
  readonly name: string;
  readonly kind: "fixed" | "store_credit" | "gift_card";
  /** Referrals that come and fall due together; one, if it does not say. */
  readonly friends?: number;
  /** Customers who sign up and buy at the same time and whom nobody sent; none, if it does not say. */
  readonly strangers?: number;
  /** The answer to this call is lost once, after Shopify has done what it was asked for. */
  readonly lostAnswer?: string;
};

/** Enough for a batch at every step: three referrals by two links, two buyers besides. */
const CROWD = { friends: 3, strangers: 2 } as const;

/** The first is played at every await that it comes by, each later one at those that none before it came by. */
export const STORIES: readonly [Story, ...Story[]] = [
  { name: "codes", kind: "fixed" },
  { name: "a crowd", kind: "fixed", ...CROWD },
  { name: "store credit", kind: "store_credit" },
  { name: "gift cards", kind: "gift_card" },
  { name: "a lost answer about a discount", kind: "fixed", lostAnswer: "graphql:discountCodeBasicCreate" },
  { name: "a lost answer about a credit", kind: "store_credit", lostAnswer: "graphql:storeCreditAccountCredit" },
  { name: "a lost answer about many codes", kind: "fixed", ...CROWD, lostAnswer: "graphql:discountRedeemCodeBulkAdd" },
];

/** The control: without this guard a process that exits right after the mail makes a second one, and that must be seen. */
export const CONTROL = { ...NOTE_CLAIM, exitsAfter: "send(deps, message)" } as const;
