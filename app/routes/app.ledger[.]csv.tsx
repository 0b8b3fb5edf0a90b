import { Readable } from "node:stream";
import { createReadableStreamFromReadable, json } from "@remix-run/node";
import type { LoaderFunctionArgs } from "@remix-run/node";
import { readPeriod } from "../domain/ledger/csv.ts";
import { authenticateAdmin } from "./authenticate.server.ts";

/** The journal of a period as a file, streamed as it is read. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { goodword, shop, shopId } = await authenticateAdmin(request, context);
  const params = new URL(request.url).searchParams;
  const period = readPeriod(params.get("from"), params.get("to"), goodword.clock.now().getTime());
  if (period === null) {
    const message = "`from` and `to` are days such as 2026-11-01, the first not after the last.";
    return json({ error: { code: "bad_request", message } }, { status: 400 });
  }
  const lines = Readable.from(goodword.ledger.journal({ shopId, period }));
  return new Response(createReadableStreamFromReadable(lines), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="goodword-journal-${shop.split(".")[0] ?? "shop"}.csv"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
