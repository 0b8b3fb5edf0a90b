import { appendAudit } from "#app/data/audit.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { saveWordSettings, saveWordTemplate, wordSettings } from "#app/data/words.repo.ts";
import type { WordSettings } from "#app/data/words.repo.ts";
import type { Language } from "#app/domain/note/language.ts";
import { mayGoOut } from "#app/domain/note/may-go-out.ts";
import type { NoteRefusal } from "#app/domain/note/may-go-out.ts";
import type { NoteKind } from "#app/domain/note/note-kind.ts";
import { noteTemplate } from "#app/domain/note/template.ts";
import type { Clock } from "#app/platform/clock.ts";
import { AppError } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { beginWatch } from "#app/usecases/team/watch-team.ts";

type SaveDeps = { readonly pools: Pools; readonly clock: Clock; readonly shops: ShopDirectory };
export type SaveWordingInput = {
  readonly shopId: string;
  readonly kind: NoteKind;
  readonly language: Language;
  /** Null goes back to the product's words. */
  readonly body: string | null;
  readonly actor: string;
};
export type SaveWordingResult =
  { readonly outcome: "saved" | "reset" } | { readonly outcome: "refused"; readonly reason: NoteRefusal };

/** Keeps the merchant's wording of one note in one language, if it passes the gate that everything passes. */
export async function saveWording(deps: SaveDeps, input: SaveWordingInput): Promise<SaveWordingResult> {
  const { shopId, kind, language, actor } = input;
  const shop = await deps.shops.byId(shopId);
  if (shop === null) throw new AppError("shop_unknown");
  const typed = input.body === null ? null : input.body.trim().replaceAll(/\s+/g, " ");
  // What reads as the product words it is no wording of one's own: a better one of the product may still come.
  const body = typed === noteTemplate(kind, true, language) ? null : typed;
  if (body !== null) {
    const gate = mayGoOut(body, { kind, language, shopName: shop.name });
    if (gate.outcome === "refused") return { outcome: "refused", reason: gate.reason };
  }
  const now = deps.clock.now();
  await inShop(deps.pools, shopId, async (tx) => {
    await saveWordTemplate(tx, { shopId, kind, language, body, now });
    await audit(tx, { shopId, actor, now, action: "words.worded", detail: { kind, language, isReset: body === null } });
  });
  return { outcome: body === null ? "reset" : "saved" };
}

export type SaveWordSettingsInput = {
  readonly shopId: string;
  readonly settings: Omit<WordSettings, "voice">;
  readonly actor: string;
};
export type SaveWordSettingsResult =
  | { readonly outcome: "saved" }
  | { readonly outcome: "refused"; readonly reason: "bad_address" | "too_many_addresses" };

const TEAM_MAX = 10;
const ADDRESS = /^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,190}\.[^\s@<>,;".]{2,63}$/u;

/** Keeps what the merchant sets about words and messages. */
export async function saveSettings(deps: SaveDeps, input: SaveWordSettingsInput): Promise<SaveWordSettingsResult> {
  const { shopId, settings, actor } = input;
  const teamMail = [...new Set(settings.teamMail.map((address) => address.trim()).filter((address) => address !== ""))];
  if (teamMail.length > TEAM_MAX) return { outcome: "refused", reason: "too_many_addresses" };
  if (!teamMail.every((address) => ADDRESS.test(address))) return { outcome: "refused", reason: "bad_address" };
  const now = deps.clock.now();
  await inShop(deps.pools, shopId, async (tx) => {
    const before = await wordSettings(tx, shopId);
    await saveWordSettings(tx, shopId, { ...settings, teamMail }, now);
    if (teamMail.length > 0 && before.teamMail.length === 0) await beginWatch(tx, shopId, now);
    const { language, modelOn } = settings;
    const detail = { language, modelOn, recipients: teamMail.length };
    await audit(tx, { shopId, actor, now, action: "words.set", detail });
  });
  return { outcome: "saved" };
}

function audit(
  tx: Tx,
  entry: { shopId: string; actor: string; now: Date; action: string; detail: Record<string, unknown> },
): Promise<void> {
  const { shopId, actor, now, action, detail } = entry;
  return appendAudit(tx, { id: newId(), shopId, at: now, actor, action, subject: shopId, detail });
}
