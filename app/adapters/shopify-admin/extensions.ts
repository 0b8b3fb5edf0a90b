import type { ExtensionCalls } from "#app/usecases/extension-port.ts";
import { flowTriggerOperation } from "./operations/flow.graphql.ts";
import {
  webPixelCreateOperation,
  webPixelLookOperation,
  webPixelUpdateOperation,
} from "./operations/web-pixel.graphql.ts";
import type { AdminTransport } from "./transport.ts";

type ShopRef = { readonly shopId: string; readonly domain: string };

/** What the app's extensions in one shop need of Shopify. */
export function extensionCalls(transport: AdminTransport, shop: ShopRef): ExtensionCalls {
  return {
    async activatePixel(settings) {
      const pixel = { settings: JSON.stringify(settings) };
      const created = await transport.change(shop, webPixelCreateOperation, { pixel });
      if (created.outcome !== "ok") return created;
      const { webPixel, userErrors } = created.data.webPixelCreate;
      if (webPixel !== null) return { outcome: "ok" };
      const code = userErrors[0]?.code ?? "UNKNOWN";
      if (code !== "TAKEN") return { outcome: "refused", code };
      const found = await transport.read(shop, webPixelLookOperation, {});
      if (found.outcome !== "ok") return found;
      const known = found.data.webPixel;
      if (known === null) return { outcome: "refused", code };
      if (isSame(known.settings, settings)) return { outcome: "ok" };
      const updated = await transport.change(shop, webPixelUpdateOperation, { id: known.id, pixel });
      if (updated.outcome !== "ok") return updated;
      const refusal = updated.data.webPixelUpdate.userErrors[0];
      return refusal === undefined ? { outcome: "ok" } : { outcome: "refused", code: refusal.code ?? "UNKNOWN" };
    },
    async triggerFlow(handle, payload) {
      const answer = await transport.change(shop, flowTriggerOperation, { handle, payload });
      if (answer.outcome !== "ok") return answer;
      const errors = answer.data.flowTriggerReceive?.userErrors ?? [];
      return errors.length === 0 ? { outcome: "ok" } : { outcome: "refused", code: "USER_ERROR" };
    },
  };
}

/** Shopify gives settings back as an object or as the text that holds one. */
function isSame(known: unknown, wanted: Readonly<Record<string, string>>): boolean {
  const text = typeof known === "string" ? known : JSON.stringify(known);
  const read: unknown = text === "" ? {} : JSON.parse(text);
  return Object.entries(wanted).every(([key, value]) => Reflect.get(Object(read), key) === value);
}
