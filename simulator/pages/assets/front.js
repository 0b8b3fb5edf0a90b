/* Keeps the front page fresh and moves the world's time. */
"use strict";
{
  const POLL_MS = 2000;
  const FORMAT = new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  const feed = document.getElementById("feed");
  const now = document.getElementById("now");
  const said = document.getElementById("clock-said");

  function timeElement(at) {
    return Object.assign(document.createElement("time"), { dateTime: at, textContent: FORMAT.format(new Date(at)) });
  }

  function show(facts) {
    now.dateTime = facts.now;
    now.textContent = FORMAT.format(new Date(facts.now));
    document.getElementById("mails").textContent = String(facts.mails);
    feed.replaceChildren(
      ...facts.feed.map(({ at, text, kind }) => {
        const row = Object.assign(document.createElement("li"), { className: kind });
        row.append(timeElement(at), " ", Object.assign(document.createElement("span"), { textContent: text }));
        return row;
      }),
    );
  }

  async function refresh() {
    const response = await fetch("/_front/facts");
    if (response.ok) show(await response.json());
  }

  async function advance(duration) {
    said.textContent = "Moving time…";
    const response = await fetch("/_control/clock", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ advance: duration }),
    });
    said.textContent = response.ok
      ? "Time has moved. What became due is being done."
      : `Time did not move: the simulator answered ${response.status}.`;
    await refresh();
  }

  const unreachable = () => {
    said.textContent = "The simulator does not answer. Is the demo still running?";
  };
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => void advance(button.dataset.advance).catch(unreachable));
  }
  /* A switch says what it does next; the page is drawn anew with what is then. */
  async function flip({ dataset }) {
    const { shop, on, off } = JSON.parse(dataset.hardship);
    const response = await fetch(`/_control/shops/${shop}/update`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(dataset.on === "yes" ? off : on),
    });
    if (response.ok) window.location.reload();
    else unreachable();
  }
  for (const button of document.querySelectorAll("[data-hardship]")) {
    button.addEventListener("click", () => void flip(button).catch(unreachable));
  }
  window.setInterval(() => void refresh().catch(unreachable), POLL_MS);
}
