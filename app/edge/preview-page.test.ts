import { expect, test } from "vitest";
import { onwardPage, previewPage } from "./preview-page.ts";

test("previewPage escapes whatever a shop is called", () => {
  const html = previewPage({
    shopName: `<script>alert("x")</script> & 'Co'`,
    url: `https://freshbox.example/a/r/ABCDE"><img src=x>`,
  });
  expect(html).not.toContain("<script");
  expect(html).not.toContain("<img");
  expect(html).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;Co&#39;");
});

test("the page in place of a redirect leads on without a script, and everything in it stays text", () => {
  const page = onwardPage({ shopName: "<Fresh>", location: 'https://freshbox.example/?a=1&ref_token="x' });
  expect(page).toContain('content="0;url=https://freshbox.example/?a=1&amp;ref_token=&quot;x"');
  expect(page).not.toMatch(/<script|<Fresh>/);
});
