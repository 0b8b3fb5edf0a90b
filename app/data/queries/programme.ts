import { missingScopes } from "#app/domain/terms/scopes.ts";
import { termsFromColumns } from "#app/domain/terms/terms-columns.ts";
import type { TermsRow } from "#app/domain/terms/terms-columns.ts";
import { termsToJson } from "#app/domain/terms/terms-json.ts";
import { AppError, invariant } from "#app/platform/errors.ts";
import type { ProgrammeView } from "#app/read-models.ts";
import { forShop } from "../prisma.ts";
import type { QueryDeps } from "./raw.ts";

type Row = TermsRow & {
  readonly version: number;
  readonly name: string | null;
  readonly domain: string | null;
  readonly origin: string | null;
  readonly scopes: string | null;
  readonly shopCurrency: string | null;
};

const CODE_EXAMPLE = "7QK2A";

/**
 * The terms in force, with what the live preview needs to read like the shop.
 *
 * @throws AppError `shop_unknown` before the install has made the first terms.
 */
export async function programmeView(deps: QueryDeps, input: { shopId: string }): Promise<ProgrammeView> {
  const [row] = await forShop(
    deps.prisma,
    input.shopId,
    (tx) => tx.$queryRaw<Row[]>`
      SELECT t.version, t.currency, t.exponent::int AS exponent, t.referrer_kind AS "referrerKind", t.referrer_amount AS "referrerAmount",
             t.friend_kind AS "friendKind", t.friend_amount AS "friendAmount", t.friend_when AS "friendWhen", t.settings,
             s.name, s.domain, s.primary_origin AS origin, s.scopes, s.currency AS "shopCurrency"
        FROM terms t JOIN shops s ON s.id = t.shop_id
       WHERE t.shop_id = ${input.shopId}::uuid ORDER BY t.version DESC LIMIT 1`,
  );
  if (row === undefined) throw new AppError("shop_unknown");
  const read = termsFromColumns(row);
  invariant(read.outcome === "ok", "stored terms were valid when they were stored");
  const origin = row.origin ?? `https://${row.domain ?? ""}`;
  return {
    shopName: row.name ?? row.domain ?? "",
    currency: row.shopCurrency ?? row.currency,
    hasNewCurrency: row.shopCurrency !== null && row.shopCurrency !== row.currency,
    missingScopes: {
      store_credit: missingScopes("store_credit", row.scopes),
      gift_card: missingScopes("gift_card", row.scopes),
    },
    linkExample: `${origin}/a/r/${CODE_EXAMPLE}`,
    version: row.version,
    terms: termsToJson(read.terms),
  };
}
