const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  // Liquid reads these in a page that the shop's theme is put around
  "{": "&#123;",
  "}": "&#125;",
  "%": "&#37;",
};

/** Writes text into a page so that it stays text, for the browser and for Liquid. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"'{}%]/g, (character) => ENTITIES[character] ?? "");
}
