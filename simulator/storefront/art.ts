import { trustedHtml, type Html } from "../pages/html.ts";

const SOIL = "#6b4a33";

const CRATE = `<g><path d="M34 112h132l-8 52H42z" fill="#c98f55"/><path d="M34 112h132l-2 13H36zM38 137h124l-2 12H40z" fill="#dda669"/><path d="M52 112v52M148 112v52" stroke="#a9733f" stroke-width="5"/></g>`;
const CARROT = `<g><path d="M0 0c9-3 17 2 17 10 0 13-11 33-17 41-6-8-17-28-17-41C-17 2-9-3 0 0z" fill="#ef8a3c"/><path d="M-11 14h9M1 23h9M-8 31h7" stroke="#d06d22" stroke-width="2.4" stroke-linecap="round"/><path d="M0 1c-3-9-10-13-15-13 1 7 6 12 15 13zm0 0c0-11 3-18 8-21 3 8 1 16-8 21zm0 0c5-8 11-10 17-8-2 6-8 9-17 8z" fill="#4f8f4a"/></g>`;
const TOMATO = `<g><circle r="23" fill="#d9482b"/><path d="M-12-9a13 13 0 0 1 8-7" stroke="#f08a70" stroke-width="4" fill="none" stroke-linecap="round"/><path d="M0-21l4 8 9-2-5 8 6 6-10-1-4 8-4-8-10 1 6-6-5-8 9 2z" fill="#3f7a3f" transform="translate(0 -6) scale(.75)"/></g>`;
const LEAF = `<g><path d="M0 34C-20 20-24-8-8-34c4 6 8 8 8 8s5-3 9-8c15 26 11 54-9 68z" fill="#5fa556"/><path d="M0 34V-18M0 4l-9-9M0 14l9-9" stroke="#3b7a3a" stroke-width="2.6" stroke-linecap="round" fill="none"/></g>`;
const LEMON = `<g><path d="M-25 2C-22-15-6-21 8-17c4 1 8 0 13-3 1 6 1 10 3 14C28 8 14 20 0 20c-12 0-24-6-25-18z" fill="#f2c53d"/><path d="M-14-3c3-6 9-9 15-9" stroke="#fae08a" stroke-width="4" fill="none" stroke-linecap="round"/></g>`;
const AUBERGINE = `<g><path d="M-4-28c22 0 26 30 14 48-8 12-24 8-26-6-2-16-6-40 12-42z" fill="#5b3a6b"/><path d="M-6-26c-4 12-4 22-2 32" stroke="#8461a0" stroke-width="4" fill="none" stroke-linecap="round"/><path d="M-14-24c6-10 18-10 22 0-6 6-16 6-22 0z" fill="#4f8f4a"/></g>`;

function at(shape: string, x: number, y: number, facts = ""): string {
  return `<g transform="translate(${x} ${y}) ${facts}">${shape}</g>`;
}

const PICTURES: Readonly<Record<string, readonly [string, string]>> = {
  "box-for-two": [
    "#e8efdc",
    at(CARROT, 72, 70, "rotate(-14)") + at(TOMATO, 108, 94) + at(LEAF, 138, 82, "rotate(18)") + CRATE,
  ],
  "family-box": [
    "#f5e6d3",
    at(LEAF, 56, 78, "rotate(-20)") +
      at(AUBERGINE, 84, 82, "rotate(-8)") +
      at(LEMON, 118, 92) +
      at(CARROT, 146, 66, "rotate(16)") +
      at(TOMATO, 104, 104, "scale(.8)") +
      CRATE,
  ],
  "garden-box": [
    "#e2ecdf",
    at(LEAF, 66, 80, "rotate(-16)") +
      at(LEAF, 100, 70, "scale(1.15)") +
      at(LEAF, 134, 80, "rotate(16)") +
      at(CARROT, 84, 82, "scale(.8)") +
      CRATE,
  ],
  "spice-tin": [
    "#f7e3d0",
    `<ellipse cx="100" cy="150" rx="58" ry="12" fill="#00000014"/><circle cx="100" cy="100" r="58" fill="#b9b3a6"/><circle cx="100" cy="100" r="51" fill="#efeade"/>${[
      "#c0392b",
      "#d68a1e",
      "#e7c24a",
      "#7a8f3c",
      "#8a4b2a",
      "#a8592f",
    ]
      .map((colour, turn) => at(`<circle r="14" fill="${colour}"/>`, 100, 100, `rotate(${turn * 60}) translate(0 -32)`))
      .join("")}<circle cx="100" cy="100" r="14" fill="${SOIL}"/>`,
  ],
  "gift-card": [
    "#f4dfd7",
    `<g transform="rotate(-6 100 100)"><rect x="36" y="58" width="128" height="84" rx="10" fill="#2f5d3a"/><rect x="36" y="92" width="128" height="14" fill="#d9482b"/>${at(LEAF, 130, 76, "scale(.4)")}</g>`,
  ],
};
const ANYTHING = [
  "#e8efdc",
  at(LEAF, 74, 82, "rotate(-14)") + at(TOMATO, 104, 94) + at(LEMON, 136, 94, "scale(.8)") + CRATE,
] as const;

/** A drawing for a product, decorative: the title beside it says what it is. */
export function productPicture(handle: string): Html {
  const [ground, shapes] = PICTURES[handle] ?? ANYTHING;
  return trustedHtml(
    `<svg class="picture" viewBox="0 0 200 200" aria-hidden="true" focusable="false"><rect width="200" height="200" fill="${ground}"/>${shapes}</svg>`,
  );
}

/** The large drawing on the home page: a crate on a table, with what grows this week. */
export function heroPicture(): Html {
  const crop = [
    at(LEAF, 70, 74, "rotate(-26) scale(1.1)"),
    at(LEAF, 128, 60, "rotate(-6) scale(1.25)"),
    at(AUBERGINE, 176, 76, "rotate(10) scale(1.1)"),
    at(CARROT, 96, 64, "rotate(-10) scale(1.25)"),
    at(LEAF, 236, 72, "rotate(20) scale(1.15)"),
    at(CARROT, 212, 64, "rotate(14) scale(1.2)"),
    at(TOMATO, 126, 108),
    at(LEMON, 172, 116),
    at(TOMATO, 216, 110, "scale(.9)"),
    at(TOMATO, 84, 116, "scale(.8)"),
  ].join("");
  const crate = `<path d="M40 124h232l-14 84H54z" fill="#c98f55"/><path d="M40 124h232l-4 22H44zM47 164h218l-3 20H50z" fill="#dda669"/><path d="M76 124v84M236 124v84" stroke="#a9733f" stroke-width="8"/>`;
  return trustedHtml(
    `<svg viewBox="0 0 312 240" aria-hidden="true" focusable="false"><ellipse cx="156" cy="212" rx="140" ry="14" fill="#00000012"/>${crop}${crate}</svg>`,
  );
}

/** The shop's mark. */
export function shopMark(): Html {
  return trustedHtml(
    `<svg class="mark" viewBox="0 0 40 40" aria-hidden="true" focusable="false"><path d="M6 18h28l-3 17H9z" fill="#2f5d3a"/><path d="M20 18C8 14 8 5 10 2c6 1 10 6 10 16zm0 0c12-4 12-13 10-16-6 1-10 6-10 16z" fill="#5fa556"/><path d="M11 23h18" stroke="#fbf7ee" stroke-width="2.5" stroke-linecap="round"/></svg>`,
  );
}
