import type { KeyObject } from "node:crypto";
import type { FastifyInstance } from "fastify";
import QRCode from "qrcode";
import type { Goodword } from "#app/goodword.ts";
import { AppError } from "#app/platform/errors.ts";
import { answerErrors, sendError } from "./answer.ts";
import { escapeHtml } from "./html.ts";
import { verifyProxy } from "./verify-proxy.ts";

const QUIET_ZONE_MODULES = 2;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

export type CardDeps = Pick<Goodword, "shops" | "logger" | "describeInvitation"> & {
  readonly secrets: readonly KeyObject[];
};

/** The card that a customer prints and hands on: `GET /proxy/card/{code}`, signed by Shopify's app proxy. */
export function registerCard(app: FastifyInstance, deps: CardDeps): void {
  void app.register(async (scope) => {
    answerErrors(scope, deps.logger);
    scope.get<{ Params: { code: string } }>("/proxy/card/:code", async (request, reply) => {
      const proxy = verifyProxy(request.raw.url?.split("?").slice(1).join("?") ?? "", deps.secrets, Date.now());
      if (proxy.outcome !== "genuine") return sendError(reply, proxy.outcome);
      const shop = await deps.shops.byDomain(proxy.shop);
      if (shop === null || !shop.installed) throw new AppError("not_found");
      const invitation = await deps.describeInvitation({ shop, by: { code: request.params.code } });
      if (invitation.outcome === "closed") throw new AppError("not_found");
      const link = `${shop.primaryOrigin}${proxy.pathPrefix}/${invitation.code}`;
      const qr = await QRCode.toString(link, { type: "svg", margin: QUIET_ZONE_MODULES });
      return reply
        .headers({
          "cache-control": "no-store",
          "content-security-policy": POLICY,
          "referrer-policy": "no-referrer",
          "x-robots-tag": "noindex",
        })
        .type("text/html; charset=utf-8")
        .send(cardPage({ shopName: shop.name, link, qr, ...invitation }));
    });
  });
}

/** One card of 85 by 55 mm on white, the size of a business card; the printer's own dialogue does the rest. */
function cardPage(card: { shopName: string; link: string; qr: string; from: string | null; offer: string }): string {
  const title = escapeHtml(`${card.from ?? "A friend"} gives you ${card.offer}`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${escapeHtml(card.shopName)}</title>
<style>
@page{margin:1cm}
body{margin:2rem auto;max-width:85mm;font:11pt/1.35 Georgia,serif;color:#111;background:#fff}
main{box-sizing:border-box;width:85mm;min-height:55mm;max-width:100%;padding:4mm;border:1px dashed #767676;border-radius:3mm;display:grid;grid-template-columns:30mm 1fr;gap:4mm;align-items:center}
svg{width:30mm;height:30mm}
h1{font-size:13pt;margin:0 0 2mm}
p{margin:0 0 1mm}
.link{font:8pt/1.3 ui-monospace,monospace;overflow-wrap:anywhere}
</style></head>
<body><main><div role="img" aria-label="QR code of the link">${card.qr}</div>
<div><h1>${title}</h1><p>at ${escapeHtml(card.shopName)}</p><p class="link">${escapeHtml(card.link.replace(/^https?:\/\//, ""))}</p></div></main></body></html>
`;
}
