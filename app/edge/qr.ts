import type { FastifyInstance } from "fastify";
import type { KeyObject } from "node:crypto";
import QRCode from "qrcode";
import type { CodeDirectory } from "#app/data/code-directory.repo.ts";
import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { normaliseCode } from "#app/domain/code/alias.ts";
import { AppError } from "#app/platform/errors.ts";
import type { Logger } from "#app/platform/logger.ts";
import { answerErrors, sendError } from "./answer.ts";
import { verifyProxy } from "./verify-proxy.ts";

const FILE = /^(?<code>[A-Za-z0-9-]{3,32})\.(?<format>svg|png)$/;
/** A camera at arm's length reads it on a phone and on a card at the till. */
const PNG_PIXELS = 512;
const QUIET_ZONE_MODULES = 2;

/** The QR code of a link, as a drawing or a picture: `GET /proxy/qr/{code}.svg` and `.png`, signed by Shopify's app proxy. */
export function registerQr(
  app: FastifyInstance,
  deps: { shops: Pick<ShopDirectory, "byDomain">; codes: CodeDirectory; secrets: readonly KeyObject[]; logger: Logger },
): void {
  void app.register(async (scope) => {
    answerErrors(scope, deps.logger);
    scope.get<{ Params: { file: string } }>("/proxy/qr/:file", async (request, reply) => {
      const proxy = verifyProxy(request.raw.url?.split("?").slice(1).join("?") ?? "", deps.secrets, Date.now());
      if (proxy.outcome !== "genuine") return sendError(reply, proxy.outcome);
      const { code: asked, format } = FILE.exec(request.params.file)?.groups ?? {};
      const text = normaliseCode(asked ?? "");
      const shop = await deps.shops.byDomain(proxy.shop);
      const known = shop === null || text === null ? null : await deps.codes.resolve(shop.shopId, text);
      if (shop === null || known === null) throw new AppError("not_found");
      const link = `${shop.primaryOrigin}${proxy.pathPrefix}/${known.code}`;
      reply.header("cache-control", "public, max-age=86400");
      if (format === "png") {
        reply.type("image/png");
        return reply.send(await QRCode.toBuffer(link, { width: PNG_PIXELS, margin: QUIET_ZONE_MODULES }));
      }
      reply.type("image/svg+xml; charset=utf-8");
      return reply.send(await QRCode.toString(link, { type: "svg", margin: QUIET_ZONE_MODULES }));
    });
  });
}
