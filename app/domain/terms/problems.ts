/** One thing that is wrong with proposed terms: where (dotted path), what kind, and a sentence for the merchant. */
export type TermsProblem = { readonly path: string; readonly code: TermsProblemCode; readonly message: string };

const MESSAGES = {
  not_an_object: "A set of named values belongs here.",
  unknown_field: "There is no such setting.",
  not_text: "Text belongs here.",
  too_long: "This is too long.",
  not_a_choice: "This is not one of the choices.",
  not_available: "This cannot be offered yet.",
  scope_missing:
    "Shopify has not been allowed to let Goodword give this yet. Press Allow, confirm in Shopify, and save again.",
  currency_changed: "The shop's currency has changed: an amount in the new currency belongs here.",
  needs_a_code: "On the first order only a discount code can be given.",
  not_truth: "True or false belongs here.",
  not_whole: "A whole number belongs here.",
  no_threshold: "This rule has no number to change: it only knows yes and no.",
  out_of_range: "This is outside the allowed range.",
  not_amount: "An amount such as 10.00 belongs here.",
  amount_required: "A new kind of reward needs its own amount.",
  not_positive: "The amount must be more than zero.",
  too_many_decimals: "The amount has more decimals than the currency.",
  too_large: "The amount is too large.",
  percent_range: "A percentage is more than 0 and at most 100, with at most two decimals.",
  bad_path: "The landing page must be a path of this shop, such as /pages/welcome.",
  bad_time: "A time in ISO 8601 with its zone belongs here, such as 2026-11-20T00:00:00Z.",
  end_before_start: "The campaign ends before it starts.",
  tag_required: "Say which customer tag may refer.",
  always_blocks: "This rule always blocks and cannot be changed.",
} as const;

export type TermsProblemCode = keyof typeof MESSAGES;

/** A problem with its sentence. */
export function problem(path: string, code: TermsProblemCode): TermsProblem {
  return { path, code, message: MESSAGES[code] };
}
