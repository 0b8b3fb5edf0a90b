import { expect, test } from "vitest";
import { onwardPage, previewPage } from "./preview-page.ts";

test("previewPage escapes whatever a shop is called", () => {
  const html = previewPage({
    shopName: `<script>alert("x")</script> & 'Co'`,
    url: `https://freshbox.example/a/r/ABCDE"><img src=x>`,
    locale: "en",
  });
  expect(html).not.toContain("<script");
  expect(html).not.toContain("<img");
  expect(html).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;Co&#39;");
});

test("the page in place of a redirect leads on without a script, and everything in it stays text", () => {
  const page = onwardPage({
    shopName: "<Fresh>",
    location: 'https://freshbox.example/?a=1&ref_token="x',
    locale: "en",
  });
  expect(page).toContain('content="0;url=https://freshbox.example/?a=1&amp;ref_token=&quot;x"');
  expect(page).not.toMatch(/<script|<Fresh>/);
});

test.each([
  ["en", "A friend recommends FreshBox"],
  ["de-AT", "FreshBox wird dir empfohlen"],
  ["fr", "On te recommande FreshBox"],
  ["es", "Te recomiendan FreshBox"],
  ["nl", "FreshBox wordt je aangeraden"],
  ["ja", "お友達がFreshBoxをおすすめしています"],
])("the preview of a link and the page that leads on are in %s", (locale, title) => {
  const url = "https://freshbox.example/a/r/ABCDE";
  const pages = [
    previewPage({ shopName: "FreshBox", url, locale }),
    onwardPage({ shopName: "FreshBox", location: url, locale }),
  ];
  for (const page of pages) {
    expect(page).toContain(`<html lang="${locale.slice(0, 2)}">`);
    expect(page).toContain(`<meta property="og:title" content="${title}">`);
  }
});
