import { activeTermsOf } from "./active-terms.ts";
import type { DraftResult } from "#app/data/drafts.repo.ts";
import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { wordTemplates } from "#app/data/words.repo.ts";
import { chooseWords } from "#app/domain/note/choose-words.ts";
import type { Candidate } from "#app/domain/note/choose-words.ts";
import { describeReward } from "#app/domain/note/describe-reward.ts";
import type { Language } from "#app/domain/note/language.ts";
import { AppError } from "#app/platform/errors.ts";
import { askModel } from "./ask-model.ts";
import type { EnsureDraftDeps } from "./ensure-draft.ts";
import { LINK_PATH } from "./invite-words.ts";

export type PreviewWordsInput = { readonly shopId: string; readonly voice: string | null; readonly language: Language };
export type PreviewedWords = {
  readonly words: readonly { readonly kind: PreviewKind; readonly text: string; readonly source: string }[];
  /** Why the model did not write; null when it did. */
  readonly reason: string | null;
};

const PREVIEW_KINDS = ["invite", "thanks_referrer", "thanks_friend"] as const;
type PreviewKind = (typeof PREVIEW_KINDS)[number];
/** Made up for the preview. In an invite the name is its sender's, in thanks the other person's. */
const NAMES: Readonly<Record<PreviewKind, string>> = { invite: "Dan", thanks_referrer: "Mara", thanks_friend: "Dan" };
const CODE_EXAMPLE = "7QK2A";

/**
 * Shows the merchant how notes would read with a voice, before it is saved: the words that customers would get, by the same
 * model, gate and templates, with made-up names. The call counts against the month's budget.
 */
export async function previewWords(
  deps: EnsureDraftDeps & { readonly shops: ShopDirectory },
  input: PreviewWordsInput,
): Promise<PreviewedWords> {
  const { shopId, voice, language } = input;
  const shop = await deps.shops.byId(shopId);
  if (shop === null) throw new AppError("shop_unknown");
  const { terms, settings, edited } = await inShop(deps.pools, shopId, async (tx) => ({
    ...(await activeTermsOf(tx, shopId)),
    edited: await wordTemplates(tx, shopId),
  }));
  const offers = { invite: terms.friend, thanks_referrer: terms.referrer, thanks_friend: terms.friend };
  const parts = PREVIEW_KINDS.map((kind) => ({ kind, language, offer: offers[kind].kind, name: NAMES[kind] }));
  const result: DraftResult =
    deps.words === null
      ? { outcome: "templates", reason: "no_model" }
      : settings.modelOn
        ? await askModel({ ...deps, words: deps.words }, shopId, { shopName: shop.name, voice, parts })
        : { outcome: "templates", reason: "switched_off" };
  const words = PREVIEW_KINDS.map((kind) => {
    const written = result.outcome === "written" ? result.words[kind] : undefined;
    const own = edited.find((template) => template.kind === kind && template.language === language);
    const candidates: Candidate[] = [
      ...(written === undefined ? [] : [{ words: written, source: "model" }]),
      ...(own === undefined ? [] : [{ words: own.body, source: "edited" }]),
    ];
    const reward = describeReward(offers[kind], terms, language);
    const values = { name: NAMES[kind], reward, link: `${shop.primaryOrigin}${LINK_PATH}/${CODE_EXAMPLE}` };
    const { text, source } = chooseWords({ kind, language, shopName: shop.name, values }, candidates);
    return { kind, text, source };
  });
  return { words, reason: result.outcome === "written" ? null : result.reason };
}
