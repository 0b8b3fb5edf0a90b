import { put } from "#app/domain/note/phrases.ts";
import { languageOf } from "#app/domain/note/language.ts";
import { landingWords } from "#app/domain/landing/words.ts";
import { escapeHtml } from "./html.ts";

/**
 * The page that a chat shows of a link: title, description, address. It has no token and counts as no tap.
 *
 * @param page.url The link itself, as it was shared.
 * @param page.locale Of whoever fetches it, else of the shop.
 * @returns HTML; every value is escaped.
 */
export function previewPage(page: { shopName: string; url: string; locale: string }): string {
  const words = landingWords(page.locale).preview;
  const title = escapeHtml(put(words.title, { shop: page.shopName }));
  const description = escapeHtml(put(words.text, { shop: page.shopName }));
  const url = escapeHtml(page.url);
  return `<!doctype html>
<html lang="${languageOf(page.locale) ?? "en"}">
<head>
<meta charset="utf-8">
<meta name="robots" content="noindex">
<title>${title}</title>
<meta property="og:type" content="website">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${description}">
<meta property="og:site_name" content="${escapeHtml(page.shopName)}">
<meta property="og:url" content="${url}">
<meta name="twitter:card" content="summary">
</head>
<body><p><a href="${url}">${title}</a></p></body>
</html>
`;
}

/**
 * The page that leads on where a redirect would not reach the browser. It needs no script, and says to chats what the
 * preview says.
 */
export function onwardPage(page: { shopName: string; location: string; locale: string }): string {
  const words = landingWords(page.locale).preview;
  const title = escapeHtml(put(words.title, { shop: page.shopName }));
  const location = escapeHtml(page.location);
  return `<!doctype html>
<html lang="${languageOf(page.locale) ?? "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url=${location}">
<title>${title}</title>
<meta property="og:title" content="${title}">
</head>
<body><p><a href="${location}">${escapeHtml(put(words.onward, { shop: page.shopName }))}</a></p></body>
</html>
`;
}
