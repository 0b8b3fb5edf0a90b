import { gid } from "../../world/ids.ts";
import type { Call, View } from "../call.ts";
import { idOf } from "./ids.ts";
import { refused, userError } from "./user-errors.ts";

type PixelArgs = { readonly webPixel: { readonly settings: unknown } };

/** `webPixel`: the one pixel an app may have on a shop. */
export function webPixelQueries(call: Call): View {
  return { webPixel: () => webPixelView(call) };
}

/** `webPixelCreate` and `webPixelUpdate`. */
export function webPixelMutations(call: Call): View {
  const { installation } = call.shop;
  return {
    webPixelCreate: ({ webPixel }: PixelArgs) => {
      const settings = settingsOf(webPixel.settings);
      if (installation === null || settings === null) return refused("webPixel", invalidSettings(["settings"]));
      if (installation.webPixel !== null)
        return refused("webPixel", userError(["base"], "TAKEN", "Web pixel is taken."));
      installation.webPixel = { id: call.world.nextId("WebPixel"), settings };
      return { webPixel: webPixelView(call), userErrors: [] };
    },
    webPixelUpdate: ({ id, webPixel }: PixelArgs & { readonly id: string }) => {
      const settings = settingsOf(webPixel.settings);
      const pixel = installation?.webPixel ?? null;
      if (pixel === null || pixel.id !== idOf(id, "WebPixel"))
        return refused("webPixel", userError(["id"], "NOT_FOUND", "Web pixel not found."));
      if (settings === null) return refused("webPixel", invalidSettings(["settings"]));
      pixel.settings = settings;
      return { webPixel: webPixelView(call), userErrors: [] };
    },
  };
}

function webPixelView(call: Call): View | null {
  const pixel = call.shop.installation?.webPixel ?? null;
  return pixel === null ? null : { __typename: "WebPixel", id: gid("WebPixel", pixel.id), settings: pixel.settings };
}

function invalidSettings(field: readonly string[]) {
  return userError(field, "INVALID_CONFIGURATION_JSON", "Settings must be valid JSON.");
}

/** The `JSON` scalar arrives as an object or as text that holds one. */
function settingsOf(value: unknown): string | null {
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  try {
    const parsed: unknown = JSON.parse(String(value));
    return typeof parsed === "object" && parsed !== null ? String(value) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
