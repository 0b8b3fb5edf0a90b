/* A plain stand-in for the customer-account extension: asks the app for the link and for what came of it, and shows both. */
"use strict";
{
  const { appUrl } = JSON.parse(document.getElementById("referrals-facts").textContent);
  const place = document.getElementById("referrals");

  const REASONS = {
    waiting_for_order: "Signed up. Waiting for the first order.",
    in_cooling_off: "Has ordered. Your reward comes when the return period is over.",
    in_review: "Being looked at by the shop.",
    paid: "Paid to both of you.",
    not_new_customer: "Was a customer already.",
    link_expired: "No first order came in time.",
    order_not_completed: "The order was not completed.",
    not_eligible: "This one does not count.",
  };
  const STATUSES = {
    owed: "On its way",
    sending: "On its way",
    issued: "Ready to use",
    redeemed: "Used",
    expired: "Expired",
  };
  const SHARE_TITLES = { link: "Your link", invite: "A message to send" };

  function element(tag, facts, ...children) {
    const made = Object.assign(document.createElement(tag), facts);
    made.append(...children);
    return made;
  }

  async function call(path, method, body) {
    const tokenAnswer = await fetch("/account/extension-token", { cache: "no-store" });
    if (!tokenAnswer.ok) throw new Error("Log in again to see your link.");
    const { token } = await tokenAnswer.json();
    const response = await fetch(`${appUrl}/api/customer/${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body ? { "Content-Type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = await response.json();
    if (!response.ok)
      throw Object.assign(new Error(answer.error?.message ?? `The app answered ${response.status}.`), {
        code: answer.error?.code,
      });
    return answer;
  }

  /* An offer is words already, "£10 off"; a reward's worth is an amount with its currency, "10.00 GBP". */
  function wordsOf(value) {
    if (value === null || value === undefined) return "";
    if (typeof value === "object") return wordsOf(value.text ?? value.label ?? value.value ?? joined(value));
    const [, amount, currency] = /^(\d+(?:\.\d+)?) ([A-Z]{3})$/.exec(String(value)) ?? [];
    if (amount === undefined) return String(value);
    const format = {
      style: "currency",
      currency,
      currencyDisplay: "narrowSymbol",
      trailingZeroDisplay: "stripIfInteger",
    };
    return `${new Intl.NumberFormat("en-GB", format).format(amount)} off`;
  }

  function joined({ amount, currency }) {
    return [amount, currency].filter(Boolean).join(" ");
  }

  function copyButton(text, what) {
    const button = element("button", { type: "button", className: "button plain copy" }, `Copy ${what}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
      window.setTimeout(() => {
        button.textContent = `Copy ${what}`;
      }, 2000);
    });
    return button;
  }

  function shareBox(kind, text) {
    const shown = element(kind === "link" ? "code" : "p", { className: `share-${kind}` }, text);
    const label = kind === "link" ? "link" : "message";
    return element(
      "section",
      { className: "share" },
      element("h2", {}, SHARE_TITLES[kind]),
      shown,
      copyButton(text, label),
    );
  }

  /* In the demo one browser plays both: this becomes Mara and follows the link, as if it had been sent to her. */
  function tapAsFriend(link) {
    const url = new URL(link);
    const isMara = localStorage.getItem("simulator_person") === "mara";
    if (isMara || url.host !== window.location.host) return [];
    const href = `/_identity/mara?to=${encodeURIComponent(url.pathname)}`;
    return [element("a", { href, className: "tap" }, "Tap it as Mara")];
  }

  function showLink({ code, link, invite, offer }) {
    const [friend, own] = [wordsOf(offer?.friend), wordsOf(offer?.referrer)];
    const promise =
      friend && own
        ? `Your friend gets ${friend}, you get ${own}, once their first order is kept.`
        : "You both get something, once your friend's first order is kept.";
    const message = String(invite ?? "").replaceAll("{{link}}", link);
    const linkBox = shareBox("link", link);
    linkBox.append(...tapAsFriend(link));
    const boxes = [linkBox, ...(message ? [shareBox("invite", message)] : [])];
    place.replaceChildren(element("p", { className: "lede" }, promise), ...boxes);
    place.dataset.code = code;
  }

  function friendRow({ friend, state, why, at }) {
    const when = at ? new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "long" }) : "";
    const row = element(
      "li",
      {},
      element("strong", {}, friend || "A friend"),
      element("span", {}, REASONS[why] ?? why ?? state),
      element("span", { className: "hint" }, when),
    );
    row.dataset.state = state;
    return row;
  }

  function rewardRow({ code, value, status }) {
    const row = element(
      "li",
      {},
      element("strong", {}, wordsOf(value)),
      element("span", {}, STATUSES[status] ?? status),
    );
    if (code) row.append(element("code", {}, code), copyButton(code, "code"));
    return row;
  }

  function list(title, rows, empty) {
    const body =
      rows.length === 0
        ? element("p", { className: "hint" }, empty)
        : element("ul", { className: "came-of-it" }, ...rows);
    return element("section", {}, element("h2", {}, title), body);
  }

  async function showStatus() {
    const { referrals = [], rewards = [] } = await call("status", "GET");
    place.append(
      list("Your friends", referrals.map(friendRow), "Nobody has come by your link yet."),
      list("Your rewards", rewards.map(rewardRow), "Rewards appear here, with their codes."),
    );
  }

  async function start() {
    let device;
    try {
      device = localStorage.getItem("gw_device") ?? undefined;
    } catch {
      device = undefined; // a browser that refuses storage has no device id
    }
    try {
      showLink(await call("link", "POST", { device }));
    } catch (error) {
      const words =
        error.code === "buy_first"
          ? "Your own link is waiting for you: it comes with your first order."
          : error.message;
      place.replaceChildren(element("p", { className: "problem", role: "alert" }, words));
      if (error.code === undefined) return;
    }
    await showStatus();
  }

  const fail = (error) => place.append(element("p", { className: "problem", role: "alert" }, error.message));
  // after the storefront script, which names the browser: the link is asked for under that name
  window.addEventListener("load", () => void start().catch(fail));
}
