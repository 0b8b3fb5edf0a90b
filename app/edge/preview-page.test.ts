import { expect, test } from "vitest";
import { previewPage } from "./preview-page.ts";

test("previewPage escapes whatever a shop is called", () => {
  const html = previewPage({
    shopName: `<script>alert("x")</script> & 'Co'`,
    url: `https://freshbox.example/a/r/ABCDE"><img src=x>`,
  });
  expect(html).not.toContain("<script");
  expect(html).not.toContain("<img");
  expect(html).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;Co&#39;");
});
