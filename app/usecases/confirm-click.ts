import { noteEmbedSeen, noteSeenClick, recreateClicks } from "#app/data/clicks.repo.ts";
import { codeByText } from "#app/data/codes.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { normaliseCode } from "#app/domain/code/alias.ts";
import { openClickToken } from "#app/platform/click-token.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Keys } from "#app/platform/keys.ts";

/** The embed is known to be on for days after it was heard from; once an hour is enough. */
const EMBED_NOTED_EVERY_MS = 3_600_000;

/**
 * Notes that a page in sight was opened by a tap: the tap was not loaded as a picture or in a hidden frame. From the
 * first time on, the shop is known to run the script, and a tap that nobody confirmed counts for less. A token that was
 * not made here, or whose time is over, changes nothing.
 */
export async function confirmClick(
  deps: { pools: Pools; clock: Clock; keys: Keys },
  input: { shop: KnownShop; token: string; device: string | null },
): Promise<void> {
  const { shopId } = input.shop;
  const opened = openClickToken(deps.keys, input.token);
  if (opened.outcome === "forged" || opened.facts.shopId !== shopId) return;
  const { clickId, issuedAt, expiresAt, flags, codeText } = opened.facts;
  const now = deps.clock.now();
  if (now >= expiresAt) return;
  await inShop(deps.pools, shopId, async (tx) => {
    await noteEmbedSeen(tx, shopId, now, EMBED_NOTED_EVERY_MS);
    const seen = { shopId, clickedAt: issuedAt, clickId, device: input.device, now };
    if (await noteSeenClick(tx, seen)) return;
    const code = await codeByText(tx, shopId, normaliseCode(codeText) ?? "");
    if (code === null) return; // a guess is not written down a second time
    await recreateClicks(tx, shopId, [{ ...seen, codeId: code.id, flags }]);
    await noteSeenClick(tx, seen);
  });
}
