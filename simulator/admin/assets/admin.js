/* The admin around the app's frame: shows the links the app declares, and keeps the address in step with the app's. */
"use strict";
{
  const facts = JSON.parse(document.getElementById("frame-facts").textContent);
  const frame = document.getElementById("app");
  const appNav = document.getElementById("app-nav");
  const loading = document.getElementById("loading");
  const appBase = facts.base + facts.appPath;
  let listening = false; // the app's page runs the bridge, so it can be told to go somewhere

  const menuButton = document.querySelector(".menu-button");
  menuButton.addEventListener("click", () => {
    const open = document.body.classList.toggle("menu-open");
    menuButton.setAttribute("aria-expanded", String(open));
  });

  /* "/app/program" of the app is "…/apps/goodword/program" in the admin. */
  function adminPath(appPath) {
    return appBase + appPath.replace(/^\/app(?=\/|\?|#|$)/, "");
  }

  function markCurrent() {
    for (const link of appNav.querySelectorAll("a")) {
      const path = new URL(link.href).pathname.replace(/\/$/, "");
      const here = window.location.pathname.replace(/\/$/, "");
      const current = path === appBase ? here === appBase : here === path || here.startsWith(`${path}/`);
      if (current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  function showMenu(links) {
    const sub = document.createElement("ul");
    for (const { href, label, home } of links) {
      if (home || !label || !href.startsWith("/")) continue;
      const link = Object.assign(document.createElement("a"), { href: adminPath(href), textContent: label });
      const item = document.createElement("li");
      item.append(link);
      sub.append(item);
    }
    appNav.querySelector("ul")?.remove();
    appNav.querySelector("li").append(sub);
    markCurrent();
  }

  function onMessage(message) {
    listening = true;
    if (message.kind === "menu") showMenu(message.links);
    if (message.kind === "navigated" && message.path.startsWith("/app")) {
      window.history.replaceState(null, "", adminPath(message.path));
      if (message.title) document.title = message.title;
      loading.classList.remove("on");
      markCurrent();
    }
    if (message.kind === "loading") loading.classList.toggle("on", message.on !== false);
    if (message.kind === "admin") window.location.assign(facts.base + message.path);
  }

  if (frame) {
    loading.classList.add("on");
    frame.addEventListener("load", () => loading.classList.remove("on"));
    window.addEventListener("message", (event) => {
      const ours = event.source === frame.contentWindow && event.origin === facts.appOrigin;
      if (ours && event.data?.bridge === true) onMessage(event.data);
    });
    appNav.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link || !listening || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      document.body.classList.remove("menu-open");
      const href = new URL(link.href).pathname.replace(appBase, "/app");
      frame.contentWindow.postMessage({ bridge: true, kind: "navigate", href }, facts.appOrigin);
    });
    markCurrent();
  }
}
