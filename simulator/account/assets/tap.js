/* In the demo one browser plays both: once the link is there, this becomes Mara and follows it, as if it had been sent to her. */
"use strict";
{
  const place = document.getElementById("tap");
  const watch = new MutationObserver(() => {
    const link = document.getElementById("referral-link")?.getAttribute("text");
    if (!link) return;
    watch.disconnect();
    const url = new URL(link);
    if (localStorage.getItem("simulator_person") === "mara" || url.host !== window.location.host) return;
    const href = `/_identity/mara?to=${encodeURIComponent(url.pathname)}`;
    place.append(Object.assign(document.createElement("a"), { href, textContent: "Tap the link as Mara" }));
  });
  watch.observe(document.body, { childList: true, subtree: true });
}
