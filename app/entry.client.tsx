import { RemixBrowser } from "@remix-run/react";
import { startTransition } from "react";
import { hydrateRoot } from "react-dom/client";

/**
 * Remembers what Shopify opened this tab with, so that a page load inside the frame finds its way back (`auth.login`). The
 * id token in it is stale by then; Shopify's bridge brings a fresh one.
 */
function rememberOpening(): void {
  const query = new URLSearchParams(location.search);
  if (!query.has("shop") || !query.has("host")) return;
  query.delete("id_token");
  try {
    sessionStorage.setItem("goodword.opened-with", `?${query}`);
  } catch (error) {
    // Storage is shut in this frame: the tab will not find back by itself, and says how to.
    performance.mark("goodword.storage-shut", { detail: String(error) });
  }
}

rememberOpening();
startTransition(() => {
  hydrateRoot(document, <RemixBrowser />);
});
