/**
 * The invite that a referrer shares, its short form for text messages, and the thanks that go out when a referral is paid:
 * `thanks_welcome` to a friend whose discount is used already.
 */
export const NOTE_KINDS = ["invite", "invite_short", "thanks_referrer", "thanks_friend", "thanks_welcome"] as const;
export type NoteKind = (typeof NOTE_KINDS)[number];
export type InviteKind = "invite" | "invite_short";
export type ThanksKind = Exclude<NoteKind, InviteKind>;

/** What a draft may leave for code to fill in. */
export const NOTE_TOKENS = ["link", "reward", "name"] as const;
export type NoteToken = (typeof NOTE_TOKENS)[number];

const TOKENS_OF: { readonly [K in NoteKind]: readonly NoteToken[] } = {
  invite: NOTE_TOKENS,
  invite_short: NOTE_TOKENS,
  thanks_referrer: ["reward", "name"],
  thanks_friend: ["reward", "name"],
  thanks_welcome: ["reward", "name"],
};

/** The tokens that a note of this kind may use. */
export function tokensOf(kind: NoteKind): readonly NoteToken[] {
  return TOKENS_OF[kind];
}

/** Whether a note is shared by a customer, and so must lead somewhere. */
export function isInvite(kind: NoteKind): kind is InviteKind {
  return kind === "invite" || kind === "invite_short";
}
