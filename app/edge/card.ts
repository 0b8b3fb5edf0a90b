import type { KeyObject } from "node:crypto";
import type { FastifyInstance } from "fastify";
import QRCode from "qrcode";
import { visitorLocale } from "#app/domain/landing/visitor-locale.ts";
import { landingWords } from "#app/domain/landing/words.ts";
import { languageOf } from "#app/domain/note/language.ts";
import { put } from "#app/domain/note/phrases.ts";
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

/**
 * The card that a customer prints and hands on: `GET /proxy/card/{code}`, signed by Shopify's app proxy. In the language of
 * whoever opens it; `?locale=` asks for another, since a card is for friends.
 */
export function registerCard(app: FastifyInstance, deps: CardDeps): void {
  void app.register(async (scope) => {
    answerErrors(scope, deps.logger);
    scope.get<{ Params: { code: string } }>("/proxy/card/:code", async (request, reply) => {
      const proxy = verifyProxy(request.raw.url?.split("?").slice(1).join("?") ?? "", deps.secrets, Date.now());
      if (proxy.outcome !== "genuine") return sendError(reply, proxy.outcome);
      const shop = await deps.shops.byDomain(proxy.shop);
      if (shop === null || !shop.installed) throw new AppError("not_found");
      const locale = visitorLocale(proxy.locale, request.headers["accept-language"], shop.language);
      const invitation = await deps.describeInvitation({ shop, by: { code: request.params.code }, locale });
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
        .send(cardPage({ shopName: shop.name, link, qr, locale, ...invitation }));
    });
  });
}

type Card = {
  readonly shopName: string;
  readonly link: string;
  readonly qr: string;
  readonly locale: string;
  readonly from: string | null;
  readonly offer: string;
};

/** One card of 85 by 55 mm on white, the size of a business card; the printer's own dialogue does the rest. */
function cardPage(card: Card): string {
  const words = landingWords(card.locale).card;
  const { from, offer } = card;
  const title = escapeHtml(from === null ? put(words.unnamed, { offer }) : put(words.named, { from, offer }));
  return `<!doctype html>
<html lang="${languageOf(card.locale) ?? "en"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
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
<body><main><div role="img" aria-label="${escapeHtml(words.qr)}">${card.qr}</div>
<div><h1>${title}</h1><p>${escapeHtml(put(words.at, { shop: card.shopName }))}</p><p class="link">${escapeHtml(card.link.replace(/^https?:\/\//, ""))}</p></div></main></body></html>
`;
}
