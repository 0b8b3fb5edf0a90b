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
    const to = encodeURIComponent(url.pathname);
    const ways = [
      [`/_identity/mara?to=${to}`, "Tap the link as Mara"],
      [`/_in-app/mara?to=${to}`, "Tap it in a chat app"],
    ];
    const links = ways.map(([href, textContent]) => Object.assign(document.createElement("a"), { href, textContent }));
    place.append(links[0], " · ", links[1]);
  });
  watch.observe(document.body, { childList: true, subtree: true });
}
