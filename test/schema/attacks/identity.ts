import { newId } from "#app/platform/ids.ts";
import { TIMES } from "#test/harness/world.ts";

import { type Attack, insert, type Stage } from "../stage.ts";

const HASH = "\\x" + "ab".repeat(32);
const merge = (from: string, into: string) => `UPDATE people SET merged_into = '${into}' WHERE id = '${from}'`;
const key = (s: Stage, person: string, row: object = {}) =>
  insert("person_keys", { shop_id: s.shopId, kind: "email", hash: HASH, person_id: person, ...row });
const code = (s: Stage, person: string, row: object = {}) =>
  insert("codes", { shop_id: s.shopId, id: newId(), code: "ABCDE", person_id: person, terms_version: 1, ...row });
const note = (s: Stage, row: object = {}) =>
  insert("notes", {
    shop_id: s.shopId,
    id: newId(),
    reward_id: s.reward,
    side: 1,
    person_id: s.referrer,
    channel: "email",
    source: "template:en",
    created_at: TIMES.eligible.toISOString(),
    ...row,
  });
const noteBecomes = (state: string) =>
  `UPDATE notes SET state = '${state}', claimed_at = now(), reason = 'r', ended_at = ${["queued", "claimed"].includes(state) ? "NULL" : "now()"}`;
const welcome = (s: Stage, row: object) => {
  const parent = newId();
  const made = { created_at: TIMES.opened.toISOString() };
  return [
    insert("discount_parents", { shop_id: s.shopId, id: parent, kind: "welcome", terms_version: 1, side: 2, ...made }),
    insert("welcome_codes", {
      shop_id: s.shopId,
      id: newId(),
      code: "W",
      parent_id: parent,
      changed_at: made.created_at,
      ...made,
      ...row,
    }),
  ];
};
const attribution = (s: Stage, row: object) =>
  insert("attributions", { shop_id: s.shopId, id: newId(), event: "order", at: TIMES.ordered.toISOString(), ...row });

/** Refused by the database, whoever tries. */
export const IDENTITY_ATTACKS: readonly Attack[] = [
  ["a merge of two people with a live referral each", "merge_agrees", (s) => [merge(s.friend, s.convertedFriend)]],
  ["a merge of a live and a rewarded friend", "merge_agrees", (s) => [merge(s.friend, s.paidFriend)]],
  ["a merge of a friend into the live referral's referrer", "merge_agrees", (s) => [merge(s.friend, s.referrer)]],
  [
    "a merge of two people with an active code each",
    "merge_agrees",
    (s) => [code(s, s.stranger), merge(s.stranger, s.referrer)],
  ],
  ["a chain of merges", "merge_agrees", (s) => [merge(s.stranger, s.expiredFriend), merge(s.expiredFriend, s.friend)]],
  [
    "a merge into somebody who is merged",
    "merge_agrees",
    (s) => [merge(s.expiredFriend, s.friend), merge(s.stranger, s.expiredFriend)],
  ],
  ["a merge into oneself", "not_merged_into_self", (s) => [merge(s.stranger, s.stranger)]],
  ["a merge into another shop's person", "people_shop_id_merged_into_fkey", (s) => [merge(s.stranger, s.other.friend)]],
  [
    "a merge undone",
    "person_guard",
    (s) => [merge(s.stranger, s.friend), `UPDATE people SET merged_into = NULL WHERE id = '${s.stranger}'`],
  ],
  ["a merge redirected", "person_guard", (s) => [merge(s.stranger, s.friend), merge(s.stranger, s.paidFriend)]],
  [
    "a person who is born merged",
    "begins_clean",
    (s) => [insert("people", { shop_id: s.shopId, id: newId(), merged_into: s.friend })],
  ],
  [
    "a case that is born with a receivable",
    "begins_clean",
    (s) => [insert("cases", { shop_id: s.shopId, id: newId(), kind: "appeal", claw_open: 1 })],
  ],
  [
    "an erased person with a profile",
    "erased_has_no_profile",
    (s) => [`UPDATE people SET profile_enc = '\\x00', erased_at = now() WHERE id = '${s.friend}'`],
  ],
  [
    "a last order before the first",
    "orders_in_order",
    (s) => [
      `UPDATE people SET first_order_at = now(), last_order_at = now() - interval '1 day' WHERE id = '${s.friend}'`,
    ],
  ],
  ["one key for two people", "person_key_one_owner", (s) => [key(s, s.friend), key(s, s.stranger)]],
  ["a device that identifies", "signals_never_identify", (s) => [key(s, s.friend, { kind: "device" })]],
  ["a card that identifies", "signals_never_identify", (s) => [key(s, s.friend, { kind: "card" })]],
  ["a key that is no hash", "person_keys_hash_check", (s) => [key(s, s.friend, { hash: "mara@example.com" })]],
  ["a second active code of a person", "one_active_code", (s) => [code(s, s.referrer)]],
  ["a code text that exists", "codes_shop_id_code_key", (s) => [code(s, s.stranger, { code: s.code })]],
  ["a code with an easily misread letter", "codes_code_check", (s) => [code(s, s.stranger, { code: "ABCD0" })]],
  ["a code of somebody who was merged", "code_guard", (s) => [merge(s.stranger, s.friend), code(s, s.stranger)]],
  [
    "a second active code under a merged name",
    "code_guard",
    (s) => [merge(s.referrer, s.stranger), code(s, s.stranger)],
  ],
  [
    "a retired code that is revived",
    "code_guard",
    (s) => [
      `UPDATE codes SET state = 'retired', retired_reason = 'abuse' WHERE id = '${s.codeId}'`,
      `UPDATE codes SET state = 'active', retired_reason = NULL WHERE id = '${s.codeId}'`,
    ],
  ],
  [
    "a code that changes hands",
    "code_guard",
    (s) => [`UPDATE codes SET person_id = '${s.stranger}' WHERE id = '${s.codeId}'`],
  ],
  ["a code that changes its text", "code_guard", (s) => [`UPDATE codes SET code = 'ABCDE' WHERE id = '${s.codeId}'`]],
  [
    "a retirement without a reason",
    "retired_has_reason",
    (s) => [`UPDATE codes SET state = 'retired' WHERE id = '${s.codeId}'`],
  ],
  [
    "an active code without a text",
    "active_has_text",
    (s) => [`UPDATE codes SET code = NULL WHERE id = '${s.codeId}'`],
  ],
  [
    "an alias that is a path of the storefront",
    "code_aliases_alias_check",
    (s) => [insert("code_aliases", { shop_id: s.shopId, alias: "CLAIM", code_id: s.codeId })],
  ],
  [
    "an alias of another shop's code",
    "code_aliases_shop_id_code_id_fkey",
    (s) => [insert("code_aliases", { shop_id: s.shopId, alias: "DAN", code_id: s.other.codeId })],
  ],
  [
    "a shop without its identity key",
    "shop_has_key_until_purged",
    (s) => [`UPDATE shops SET identity_key_wrapped = NULL WHERE id = '${s.shopId}'`],
  ],
  [
    "a storefront address with a path",
    "primary_origin_is_an_origin",
    (s) => [`UPDATE shops SET primary_origin = 'https://freshbox.example//evil.example' WHERE id = '${s.shopId}'`],
  ],
  [
    "a token that is not sealed",
    "sessions_access_token_check",
    (s) => [
      insert("sessions", {
        shop_id: s.shopId,
        id: "offline",
        domain: "d",
        is_online: { sql: "false" },
        access_token: "shpat_short",
      }),
    ],
  ],
  [
    "a winner beside a reason for none",
    "winner_or_reason",
    (s) => [
      attribution(s, {
        code_id: s.codeId,
        click_id: newId(),
        clicked_at: TIMES.clicked.toISOString(),
        carrier: "claim",
        reason: "no_token",
      }),
    ],
  ],
  ["neither a winner nor a reason", "winner_or_reason", (s) => [attribution(s, {})]],
  ["a winner without its click", "winner_names_its_click", (s) => [attribution(s, { code_id: s.codeId })]],
  [
    "a referral that nothing won",
    "only_a_winner_opens",
    (s) => [attribution(s, { reason: "no_token", referral_id: s.open })],
  ],
  ["a second note about a reward", "one_note", (s) => [note(s), note(s)]],
  [
    "a note that is born sent",
    "note_guard",
    (s) => [
      note(s, { state: "sent", claimed_at: TIMES.eligible.toISOString(), ended_at: TIMES.eligible.toISOString() }),
    ],
  ],
  [
    "a sent note that returns to the queue",
    "note_guard",
    (s) => [note(s), noteBecomes("claimed"), noteBecomes("sent"), noteBecomes("queued")],
  ],
  [
    "a note of unknown outcome that is sent again",
    "note_guard",
    (s) => [note(s), noteBecomes("claimed"), noteBecomes("unknown"), noteBecomes("claimed")],
  ],
  ["a pooled code that belongs to a reward", "pooled_is_free", (s) => welcome(s, { reward_id: s.reward })],
  ["a used code without its order", "used_names_order", (s) => welcome(s, { state: "used" })],
  ["a claimed code without its claim", "claimed_names_claim", (s) => welcome(s, { state: "claimed" })],
  [
    "a ready discount that Shopify does not know",
    "ready_has_external",
    (s) => [
      insert("discount_parents", {
        shop_id: s.shopId,
        id: newId(),
        terms_version: 1,
        side: 1,
        state: "ready",
        created_at: TIMES.opened.toISOString(),
      }),
    ],
  ],
  [
    "a verdict to hold without a rule",
    "verdict_has_rules",
    (s) => [
      insert("decisions", {
        shop_id: s.shopId,
        id: newId(),
        referral_id: s.open,
        phase: "open",
        ruleset: "1",
        verdict: "hold",
        score: 40,
        features: "{}",
        rules: "[]",
        at: TIMES.opened.toISOString(),
      }),
    ],
  ],
];
