import { json } from "@remix-run/node";
import type { LoaderFunctionArgs } from "@remix-run/node";
import type { ComparisonView } from "../read-models.ts";
import { authenticateAdmin } from "./authenticate.server.ts";

export type PeopleAnswer =
  | { readonly comparison: readonly ComparisonView[] }
  | { readonly error: { readonly code: string; readonly message: string } };

/** Both people of a referral, read from Shopify for whoever has the case open. Nothing of it is stored, here or in caches. */
export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { goodword, shopId } = await authenticateAdmin(request, context);
  const shown = await goodword.showPeople({ shopId, referralId: params["id"] ?? "" });
  const headers = { "Cache-Control": "no-store" };
  switch (shown.outcome) {
    case "shown":
      return json<PeopleAnswer>({ comparison: shown.comparison }, { headers });
    case "not_found":
      return json<PeopleAnswer>(
        { error: { code: "not_found", message: "There is no such referral." } },
        { status: 404 },
      );
    case "unavailable":
      return json<PeopleAnswer>(
        { error: { code: "shopify_unavailable", message: "Shopify does not answer just now." } },
        { status: 503 },
      );
  }
}
