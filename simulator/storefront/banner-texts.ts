import { join } from "node:path";
import { EXTENSIONS_FOLDER, textsOf } from "../extensions/catalogue.ts";

/** What the app embed's Liquid gives the storefront script as data attributes, beside where the app is and who is logged in. */
export type BannerTexts = {
  readonly locale: string;
  readonly banner: string;
  readonly friend: string;
  readonly dismiss: string;
};

/** The banner's words in the page's language, as `referral.liquid` renders them from the extension's own files. */
export function bannerTexts(locale: string): BannerTexts {
  const texts = textsOf(join(EXTENSIONS_FOLDER, "referral-storefront"), locale);
  const text = (key: string): string =>
    String(Reflect.get(Object(Reflect.get(Object(texts), "banner")), key)).replaceAll(/\{\{ (\w+) \}\}/g, "{$1}");
  return { locale, banner: text("gave"), friend: text("friend"), dismiss: text("dismiss") };
}
