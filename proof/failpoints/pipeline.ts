import { NOTE_CLAIM } from "../mutants/code/guards.ts";

/** Rooms whose every await is instrumented: between receipt and sent note a story goes nowhere else. */
export const ROOMS = ["app/edge", "app/jobs", "app/usecases", "app/adapters", "app/data"] as const;

/** What is played: one referral whose two rewards are given in this form. */
export type Story = {
  readonly name: string;
  readonly kind: "fixed" | "store_credit" | "gift_card";
  /** The answer to this call is lost once, after Shopify has done what it was asked for. */
  readonly lostAnswer?: string;
};

/** The first is played at every await that it comes by, each later one at those that none before it came by. */
export const STORIES: readonly [Story, ...Story[]] = [
  { name: "codes", kind: "fixed" },
  { name: "store credit", kind: "store_credit" },
  { name: "gift cards", kind: "gift_card" },
  { name: "a lost answer about a discount", kind: "fixed", lostAnswer: "graphql:discountCodeBasicCreate" },
  { name: "a lost answer about a credit", kind: "store_credit", lostAnswer: "graphql:storeCreditAccountCredit" },
];

/** The control: without this guard a process that exits right after the mail makes a second one, and that must be seen. */
export const CONTROL = { ...NOTE_CLAIM, exitsAfter: "send(deps, message)" } as const;
