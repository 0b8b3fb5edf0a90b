import type { Tx } from "#app/data/tenant.ts";
import { cleanFirstName } from "#app/domain/note/first-name.ts";
import type { Keys } from "#app/platform/keys.ts";
import { profileOf } from "./learn-profile.ts";

/** @returns the first name that a friend is told of the owner of a link; null when it is not known or no name for a sentence */
export async function referrerName(
  tx: Tx,
  owner: { keys: Keys; shopId: string; personId: string },
): Promise<string | null> {
  const { firstName } = await profileOf(tx, owner);
  return firstName === null ? null : cleanFirstName(firstName);
}
