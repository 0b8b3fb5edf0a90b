/** What a reward code takes off. `amount` is decimal text in the shop's money. */
export type DiscountWorth =
  | { readonly kind: "fixed"; readonly amount: string }
  | { readonly kind: "percent"; readonly basisPoints: number }
  | { readonly kind: "free_shipping" };

export type DiscountParentDraft = {
  readonly title: string;
  /** The discount's own first code. */
  readonly firstCode: string;
  readonly worth: DiscountWorth;
  readonly startsAt: Date;
  /** Null: its codes are taken away one by one instead. */
  readonly endsAt: Date | null;
  /** The one customer whom its codes work for, as digits; without one they work for everybody. */
  readonly onlyFor?: string | null;
  /** One use for each customer, over and above one use for each code. */
  readonly oncePerCustomer?: boolean;
  readonly combinesWith: { readonly order: boolean; readonly product: boolean; readonly shipping: boolean };
};
