import { startPixel } from "./pixel.ts";

// What @shopify/web-pixels-extension's `register` does, without carrying the package for it.
shopify.extend("WebPixel::Render", (api) => startPixel(api, fetch));
