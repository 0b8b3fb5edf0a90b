import { activeCodeOf } from "#app/data/codes.repo.ts";
import type { CodeRow } from "#app/data/codes.repo.ts";
import { countRewrite, keepOwnWords, readDraft, replaceWords } from "#app/data/drafts.repo.ts";
import { ownersOfKeys } from "#app/data/people.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import type { ChosenWords } from "#app/domain/note/choose-words.ts";
import { mayGoOut } from "#app/domain/note/may-go-out.ts";
import type { NoteRefusal } from "#app/domain/note/may-go-out.ts";
import type { InviteKind } from "#app/domain/note/note-kind.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { mintLink } from "#app/usecases/mint-link.ts";
import type { MintLinkDeps, MintLinkInput, MintLinkResult } from "#app/usecases/mint-link.ts";
import { askModel } from "./ask-model.ts";
import type { Words } from "./ask-model.ts";
import { inviteAsk, inviteFacts, inviteWords } from "./invite-words.ts";
import type { InviteFacts, InviteOf } from "./invite-words.ts";

export const INVITE_CHANNELS = ["copy", "email", "whatsapp", "sms", "qr"] as const;
export type InviteChannel = (typeof INVITE_CHANNELS)[number];

export type CustomerInviteDeps = MintLinkDeps & { readonly words: Words | null };
export type CustomerInviteInput = Pick<MintLinkInput, "shop" | "customerId"> & {
  readonly channel: InviteChannel;
  /** Ask the model for other words. */
  readonly regenerate: boolean;
  /** The customer's own words, link and all; null takes them back, undefined leaves what there is. */
  readonly text: string | null | undefined;
};

export type CustomerInviteResult =
  | {
      readonly outcome: "invite";
      readonly invite: string;
      readonly source: "own" | "model" | "edited" | "template";
      readonly link: string;
      readonly rewritesLeft: number;
    }
  | { readonly outcome: "words_refused"; readonly reason: NoteRefusal }
  | { readonly outcome: "no_rewrites_left" }
  | Extract<MintLinkResult, { outcome: "refused" }>;

/** How often a day the words of one link may be written anew: each is a call of the model. */
export const REWRITES_A_DAY_MAX = 5;
const OWN_LENGTH_MAX = 2_000;

/**
 * The words that a customer shares, for the way they share them, in their language. They may have them written anew a few times
 * a day, or put their own in their place, which pass the same gate.
 *
 * @param input.customerId digits, from a verified session token
 */
export async function customerInvite(
  deps: CustomerInviteDeps,
  input: CustomerInviteInput,
): Promise<CustomerInviteResult> {
  const { shop, customerId } = input;
  const minted = await mintLink(deps, { shop, customerId, device: null });
  if (minted.outcome === "refused") return minted;
  const kind: InviteKind = input.channel === "sms" ? "invite_short" : "invite";
  const { of, facts } = await inShop(deps.pools, shop.shopId, (tx) => factsOf(tx, deps, input));
  if (input.text !== undefined) {
    const refused = await keepText(deps, { of, facts, kind, text: input.text });
    if (refused !== null) return { outcome: "words_refused", reason: refused };
  }
  if (input.regenerate && deps.words !== null && facts.settings.modelOn) {
    const { words } = deps;
    const isAllowed = await rewrite({ ...deps, words }, of, facts);
    if (!isAllowed) return { outcome: "no_rewrites_left" };
  }
  return answer(deps, { of, facts, kind });
}

async function factsOf(
  tx: Tx,
  deps: CustomerInviteDeps,
  input: CustomerInviteInput,
): Promise<{ of: InviteOf; facts: InviteFacts }> {
  const { shop, customerId } = input;
  const code = await codeOfCustomer(tx, shop.shopId, shop.keyring.person("customer", customerId));
  const terms = await termsOfVersion(tx, shop.shopId, code.termsVersion);
  const of = { shop, code, terms, now: deps.clock.now() };
  return { of, facts: await inviteFacts(tx, deps.keys, of) };
}

async function codeOfCustomer(tx: Tx, shopId: string, customerHash: string): Promise<CodeRow> {
  const [owner] = await ownersOfKeys(tx, shopId, [{ kind: "customer", hash: customerHash }]);
  invariant(owner !== undefined, "whoever asks for a link is known from then on");
  const code = await activeCodeOf(tx, shopId, owner.personId);
  invariant(code !== null, "the customer was given a link a moment ago");
  return code;
}

type Sharing = { readonly of: InviteOf; readonly facts: InviteFacts; readonly kind: InviteKind };

/** @returns why the customer's words may not go out; null when they were kept */
async function keepText(
  deps: CustomerInviteDeps,
  { of, facts, kind, text }: Sharing & { text: string | null },
): Promise<NoteRefusal | null> {
  const { shopId, name: shopName } = of.shop;
  const words = text === null ? null : withTokens(text, facts);
  if (words !== null) {
    const gate = mayGoOut(words, { kind, language: facts.language, shopName });
    if (gate.outcome === "refused") return gate.reason;
  }
  const draft = { shopId, id: newId(), kind: "invite", subjectId: of.code.id, noteKind: kind, words } as const;
  await inShop(deps.pools, shopId, (tx) => keepOwnWords(tx, { ...draft, now: of.now }));
  return null;
}

/** The customer sees link and reward, the gate wants to see that code put them there. */
function withTokens(text: string, facts: InviteFacts): string {
  return text
    .slice(0, OWN_LENGTH_MAX)
    .trim()
    .replaceAll(/\s+/g, " ")
    .replaceAll(facts.link, "{{link}}")
    .replaceAll(facts.offer.friend, "{{reward}}");
}

async function rewrite(
  deps: CustomerInviteDeps & { readonly words: Words },
  of: InviteOf,
  facts: InviteFacts,
): Promise<boolean> {
  const { shopId } = of.shop;
  const draft = { shopId, kind: "invite", subjectId: of.code.id } as const;
  const count = { ...draft, id: newId(), now: of.now, mostADay: REWRITES_A_DAY_MAX };
  if (!(await inShop(deps.pools, shopId, (tx) => countRewrite(tx, count)))) return false;
  const result = await askModel(deps, shopId, inviteAsk(of, facts));
  if (result.outcome === "written") {
    const { model, words } = result;
    await inShop(deps.pools, shopId, (tx) => replaceWords(tx, { ...draft, model, words, now: deps.clock.now() }));
  }
  return true;
}

function answer(deps: CustomerInviteDeps, { of, facts, kind }: Sharing): Promise<CustomerInviteResult> {
  const { shopId } = of.shop;
  return inShop(deps.pools, shopId, async (tx) => {
    const words = await inviteWords(tx, of, facts, kind);
    const draft = await readDraft(tx, { shopId, kind: "invite", subjectId: of.code.id }, of.now);
    const mayRewrite = deps.words !== null && facts.settings.modelOn;
    return {
      outcome: "invite",
      invite: words.text,
      source: whoWrote(words),
      link: facts.link,
      rewritesLeft: mayRewrite ? Math.max(0, REWRITES_A_DAY_MAX - (draft?.rewrites ?? 0)) : 0,
    };
  });
}

function whoWrote({ source }: ChosenWords): "own" | "model" | "edited" | "template" {
  if (source === "own") return "own";
  if (source.startsWith("model:")) return "model";
  return source.startsWith("edited:") ? "edited" : "template";
}
