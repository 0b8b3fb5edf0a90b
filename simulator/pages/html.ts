/** Text that is HTML already. Made by `html` and `trustedHtml` alone. */
export type Html = { readonly html: string };

type Part = Html | string | number | bigint | null | undefined | false | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** @returns the text with every character that means something in HTML replaced */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (typeof part === "string") return escapeHtml(part);
  if (typeof part === "number" || typeof part === "bigint") return String(part);
  if ("html" in part) return part.html;
  return part.map(render).join("");
}

/** Template tag: what is put in is escaped, unless it is `Html`; null, undefined and false leave nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.map((text, index) => text + render(parts[index])).join("") };
}

/** Marks text that this simulator wrote itself as HTML. */
export function trustedHtml(text: string): Html {
  return { html: text };
}

/** JSON for a `<script type="application/json">` or an attribute-free script: "<" cannot end the element. */
export function jsonForScript(value: unknown): Html {
  return { html: JSON.stringify(value).replace(/</g, "\\u003c") };
}

type Head = { readonly title: string; readonly styles: readonly string[]; readonly head?: Html };

/** @returns a whole document; `styles` are addresses of style sheets */
export function htmlDocument(head: Head, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${head.title}</title>
        <link rel="icon" href="data:," />
        ${head.styles.map((href) => html`<link rel="stylesheet" href="${href}" />`)} ${head.head}
      </head>
      ${body}
    </html>`.html;
}
