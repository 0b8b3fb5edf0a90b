/*
 * The "Refer a friend" block: fetches the customer's own link when they ask for it, and helps to send it. It talks to the
 * shop's own origin alone. The storefront script's device id goes along where the visitor's consent has let it be kept.
 */
"use strict";
{
  const TIMEOUT_MS = 10_000;
  const MONEY = /^(\d+(?:\.\d+)?) ([A-Z]{3})$/;

  function device() {
    try {
      return window.localStorage.getItem("gw_device") ?? undefined;
    } catch {
      return undefined; // a browser that refuses storage has no device id
    }
  }

  function filled(text, values) {
    return text.replaceAll(/\[(\w+)\]/g, (whole, name) => values[name] ?? whole);
  }

  /* "10.00 GBP" or "12.5%" as a reader of the page's language expects it. */
  function worthWords(texts, { kind, value }) {
    const locale = document.documentElement.lang || undefined;
    const [, money, currency] = MONEY.exec(value) ?? [];
    if (money) {
      const short = { currencyDisplay: "narrowSymbol", trailingZeroDisplay: "stripIfInteger" };
      const format = { style: "currency", currency, ...short };
      return filled(texts[kind] ?? texts.fixed, { amount: new Intl.NumberFormat(locale, format).format(money) });
    }
    if (!value.endsWith("%")) return texts.free_shipping;
    const format = { style: "percent", maximumFractionDigits: 2 };
    const amount = new Intl.NumberFormat(locale, format).format(Number.parseFloat(value) / 100);
    return filled(texts.percent, { amount });
  }

  async function fetchLink(proxyRoot) {
    const response = await fetch(`${proxyRoot}/api/link`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ device: device() }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error?.code);
    return answer;
  }

  function enliven(block) {
    const part = (name) => block.querySelector(`[data-gw-${name}]`);
    const texts = JSON.parse(part("texts").textContent);
    const say = (text) => {
      part("status").textContent = text;
    };

    function show({ link, invite, worth }) {
      const message = (invite || link).replaceAll("{{link}}", link);
      const text = encodeURIComponent(message);
      part("field").value = link;
      part("whatsapp").href = `https://wa.me/?text=${text}`;
      part("sms").href = `sms:?&body=${text}`;
      part("email").href = `mailto:?subject=${encodeURIComponent(texts.subject)}&body=${text}`;
      const [friend, referrer] = [worthWords(texts, worth.friend), worthWords(texts, worth.referrer)];
      part("offer").textContent = filled(texts.offer, { friend, referrer });
      part("link").hidden = false;
      part("take").parentElement.hidden = true;
      part("field").focus();
      part("field").select();
    }

    part("take")?.addEventListener("click", async () => {
      const button = part("take");
      if (button.getAttribute("aria-disabled") === "true") return;
      button.setAttribute("aria-disabled", "true");
      say(texts.working);
      try {
        show(await fetchLink(block.dataset.proxyRoot || "/a/r"));
        say("");
      } catch (error) {
        say(texts[error.message] ?? texts.unreachable);
        button.removeAttribute("aria-disabled");
      }
    });
    part("copy")?.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(part("field").value);
        say(texts.copied);
      } catch {
        part("field").select();
        say(texts.copy_failed);
      }
    });
  }

  for (const block of document.querySelectorAll("[data-gw-refer]:not([data-gw-ready])")) {
    block.setAttribute("data-gw-ready", "");
    enliven(block);
  }
}
