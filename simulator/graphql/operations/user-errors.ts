import type { View } from "../call.ts";

/** One entry of `userErrors`. Shopify answers `code: null` for a few. */
export type UserError = {
  readonly field: readonly string[] | null;
  readonly message: string;
  readonly code: string | null;
  readonly extraInfo: null;
};

/** Makes a user error. */
export function userError(field: readonly string[] | null, code: string | null, message: string): UserError {
  return { field, message, code, extraInfo: null };
}

/** The payload of a mutation that was refused: its object is null. */
export function refused(object: string, ...errors: readonly UserError[]): View {
  return { [object]: null, userErrors: errors };
}
