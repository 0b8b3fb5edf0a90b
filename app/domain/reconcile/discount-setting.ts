/** What a discount takes off; `other` is whatever the app never makes. Amounts are decimal text. */
export type DiscountOff =
  | { readonly kind: "fixed"; readonly amount: string }
  | { readonly kind: "percent"; readonly basisPoints: number }
  | { readonly kind: "free_shipping" }
  | { readonly kind: "other" };

/** Everything of a discount that decides what a code of it is worth, to whom and until when. */
export type DiscountSetting = {
  readonly off: DiscountOff;
  readonly endsAt: Date | null;
  /** Null: no limit. */
  readonly usageLimit: number | null;
  readonly oncePerCustomer: boolean;
};

export const SETTING_FIELDS = ["off", "endsAt", "usageLimit", "oncePerCustomer"] as const;
export type SettingField = (typeof SETTING_FIELDS)[number];

/** Names what of a discount is not as it was made. Shopify keeps whole seconds and prints amounts without last zeros. */
export function changedFields(made: DiscountSetting, found: DiscountSetting): SettingField[] {
  return SETTING_FIELDS.filter((field) => plain(made, field) !== plain(found, field));
}

function plain(setting: DiscountSetting, field: SettingField): string {
  switch (field) {
    case "off":
      return plainOff(setting.off);
    case "endsAt":
      return setting.endsAt === null ? "never" : String(Math.floor(setting.endsAt.getTime() / 1_000));
    case "usageLimit":
      return String(setting.usageLimit);
    case "oncePerCustomer":
      return String(setting.oncePerCustomer);
  }
}

function plainOff(off: DiscountOff): string {
  if (off.kind === "percent") return `${off.kind} ${off.basisPoints}`;
  return off.kind === "fixed" ? `${off.kind} ${withoutLastZeros(off.amount)}` : off.kind;
}

function withoutLastZeros(amount: string): string {
  return amount.includes(".") ? amount.replace(/\.?0+$/, "") : amount;
}
