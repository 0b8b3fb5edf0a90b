import { json } from "@remix-run/node";
import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticateAdmin } from "./authenticate.server.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is held of a customer who asked for it, as a file for the merchant to hand on. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { goodword, shopId, staffId } = await authenticateAdmin(request, context);
  const requestId = params["id"] ?? "";
  const held = UUID.test(requestId) ? await goodword.heldData.fetch({ shopId, requestId, actor: staffId }) : null;
  if (held === null) {
    const message = "There is no such request, or its thirty days are over.";
    return json({ error: { code: "not_found", message } }, { status: 404 });
  }
  return new Response(`${JSON.stringify(held, null, 2)}\n`, {
    headers: {
      "content-type": "application/json; charset=utf-8",
      "content-disposition": 'attachment; filename="goodword-customer-data.json"',
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
