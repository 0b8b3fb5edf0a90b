export type ErrorEntry = {
  /** The HTTP status that a caller sees. */
  readonly status: number;
  /** Whether the same call may succeed when it is made again. */
  readonly retry: "never" | "later";
  /** One sentence for the caller; safe to show to anybody. */
  readonly message: string;
  /** What the person who runs the app should do, if anything. */
  readonly operator: string;
};

const NOTHING = "Nothing: the caller has to change the request.";

/** Everything that may be answered as an error, with its status and what to do about it. Codes are part of the contract. */
export const ERROR_CATALOGUE = {
  // The offer
  buy_first: {
    status: 403,
    retry: "later",
    message: "A first purchase is needed before you can refer friends.",
    operator: "Nothing: the shop's terms ask for it (who_may_refer).",
  },
  not_new_customer: {
    status: 403,
    retry: "never",
    message: "This offer is for new customers.",
    operator: "Nothing: the friend has bought here before.",
  },
  campaign_closed: {
    status: 403,
    retry: "later",
    message: "Referrals are closed at the moment.",
    operator: "Nothing, unless the programme should be open: see its dates and the pause switch.",
  },
  currency_changed: {
    status: 403,
    retry: "later",
    message: "New referrals wait until the shop has set its offer in its new currency.",
    operator: "The merchant saves the programme with amounts in the new currency.",
  },
  link_expired: {
    status: 403,
    retry: "never",
    message: "This link is no longer valid.",
    operator: "Nothing: its window is over, or its code was retired.",
  },
  // Words
  words_refused: {
    status: 422,
    retry: "never",
    message: "These words cannot go out.",
    operator: "Nothing: the answer names what the gate does not let pass.",
  },
  no_rewrites_left: {
    status: 429,
    retry: "later",
    message: "No more new wordings today. Write your own, or come back tomorrow.",
    operator: "Nothing: each new wording is a paid call, so a link has a few a day.",
  },
  not_appealable: {
    status: 409,
    retry: "later",
    message: "This one is not decided yet.",
    operator: "Nothing: only a referral that came to nothing can be appealed.",
  },
  // Requests
  bad_request: { status: 400, retry: "never", message: "The request cannot be read.", operator: NOTHING },
  not_found: { status: 404, retry: "never", message: "There is nothing here.", operator: NOTHING },
  method_not_allowed: {
    status: 405,
    retry: "never",
    message: "This address does not take that method.",
    operator: NOTHING,
  },
  stale_version: {
    status: 409,
    retry: "never",
    message: "Somebody else changed this first. Look again.",
    operator: "Nothing: nothing was changed.",
  },
  body_too_large: {
    status: 413,
    retry: "never",
    message: "The body is too large.",
    operator: "If it is a webhook: narrow include_fields of that topic.",
  },
  compressed_body: {
    status: 415,
    retry: "never",
    message: "Compressed bodies are not accepted.",
    operator: "Shopify does not compress webhooks: look for a proxy that does.",
  },
  too_many_requests: {
    status: 429,
    retry: "later",
    message: "Too many requests. Try again in a while.",
    operator: "Nothing, unless it happens to real customers.",
  },
  // Who is asking
  bad_signature: {
    status: 400,
    retry: "never",
    message: "The signature is missing or wrong.",
    operator: "If every link fails: compare SHOPIFY_API_SECRET with the secret in the Partner Dashboard.",
  },
  stale_signature: {
    status: 400,
    retry: "later",
    message: "The signed request is too old.",
    operator: "If every link fails: set the clock of this machine.",
  },
  bad_hmac: {
    status: 401,
    retry: "never",
    message: "The HMAC is missing or wrong.",
    operator:
      "If every webhook fails: compare SHOPIFY_API_SECRET, and keep SHOPIFY_API_SECRET_OLD for an hour after a rotation.",
  },
  missing_header: {
    status: 400,
    retry: "never",
    message: "A header that Shopify always sends is missing.",
    operator: "Look for a proxy that drops X-Shopify-* headers.",
  },
  unauthorised: { status: 401, retry: "never", message: "Please log in.", operator: NOTHING },
  foreign_audience: {
    status: 401,
    retry: "never",
    message: "The session token was made for another app.",
    operator: "Compare SHOPIFY_API_KEY with the app that the extension belongs to.",
  },
  customer_required: { status: 401, retry: "never", message: "Log in to the shop first.", operator: NOTHING },
  shop_unknown: {
    status: 404,
    retry: "never",
    message: "This shop does not use the app.",
    operator: "Nothing, unless the shop should be installed: open the app from its admin.",
  },
  // Ourselves
  internal_error: {
    status: 500,
    retry: "later",
    message: "Something went wrong on our side.",
    operator: "Read the log entry that carries this request's id.",
  },
  not_stored: {
    status: 503,
    retry: "later",
    message: "This could not be stored. Send it again.",
    operator: "Look at PostgreSQL: reachable, disk free, pool not exhausted.",
  },
  not_ready: {
    status: 503,
    retry: "later",
    message: "Not ready yet.",
    operator: "Read which check of /readyz failed.",
  },
  sealed_unreadable: {
    status: 500,
    retry: "never",
    message: "Stored data cannot be opened.",
    operator: "A key is missing: put the previous DATA_KEY into DATA_KEY_OLD.",
  },
  // Shopify
  admin_throttled: {
    status: 503,
    retry: "later",
    message: "Shopify asked us to slow down.",
    operator: "Nothing: the work is tried again by itself.",
  },
  admin_unavailable: {
    status: 503,
    retry: "later",
    message: "Shopify could not be reached.",
    operator: "Nothing: the work is tried again by itself. See Shopify's status page if it lasts.",
  },
  admin_unauthorised: {
    status: 502,
    retry: "later",
    message: "Shopify did not accept the app's access.",
    operator: "Open the app once from the shop's admin; if it lasts, install it again.",
  },
  admin_refused: {
    status: 502,
    retry: "never",
    message: "Shopify refused the request.",
    operator: "Read the refusal on the health page: usually a scope or a plan is missing.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** An operational failure with a code of the catalogue; expected outcomes are union values instead. */
export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, options?: { cause?: unknown }) {
    super(ERROR_CATALOGUE[code].message, options);
    this.name = "AppError";
    this.code = code;
  }

  /** The HTTP status that this failure is answered with. */
  get status(): number {
    return ERROR_CATALOGUE[this.code].status;
  }

  /** Whether trying again later can help. */
  get isRetryable(): boolean {
    return ERROR_CATALOGUE[this.code].retry === "later";
  }
}

/**
 * The body that every error of the HTTP surface has: a code and a sentence, never a stack or a fact of another shop.
 *
 * @param code A code of the catalogue.
 */
export function errorBody(code: ErrorCode): { error: { code: ErrorCode; message: string } } {
  return { error: { code, message: ERROR_CATALOGUE[code].message } };
}

/**
 * Stops the program's current work when something that the code itself guarantees does not hold. Never caught on purpose.
 *
 * @param condition What must be true.
 * @param message What it means when it is not.
 */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}

/** Closes a `switch` over a union: the compiler refuses a case that was forgotten. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
