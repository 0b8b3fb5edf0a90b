/** What an account stands for. */
export const ACCOUNT_TYPES = [
  "reward_expense",
  "reward_liability",
  "redeemed",
  "breakage",
  "goodwill",
  "claw_back",
  "issued_value",
] as const;
export type AccountType = (typeof ACCOUNT_TYPES)[number];

/** Accounts of one person each; of the other types a shop has one per unit. */
const PERSONAL: ReadonlySet<AccountType> = new Set<AccountType>(["reward_liability", "claw_back"]);

/** Whether an account of this type belongs to a person. */
export function isPersonalAccount(type: AccountType): boolean {
  return PERSONAL.has(type);
}

/** The types of which a shop has one account per unit, opened with the unit. */
export const SHOP_ACCOUNT_TYPES: readonly AccountType[] = ACCOUNT_TYPES.filter((type) => !isPersonalAccount(type));
