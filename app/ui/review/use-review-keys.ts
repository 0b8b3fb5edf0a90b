import { useEffect, useSyncExternalStore } from "react";

const MEMORY = "goodword.review-keys";
/** Presses in these mean text. */
const TYPING = "input, textarea, select, [contenteditable]";

/** What a key does, in the order in which the help shows it. */
export const REVIEW_KEYS = [
  { key: "J", does: "Next case" },
  { key: "K", does: "Case before" },
  { key: "A", does: "Approve this case" },
  { key: "R", does: "Reject this case: choose the reason, then press Reject" },
  { key: "U", does: "Undo this rejection: write the reason, then press Undo" },
  { key: "X", does: "Select this case, to decide several alike" },
  { key: "?", does: "Show this help" },
] as const;

/**
 * Lets a reviewer work by keyboard alone. Single keys can be switched off, as WCAG 2.1.4 asks, and are ignored in fields.
 * The cases are the elements marked `data-case`, in their order on the page.
 *
 * @param onHelp Called for `?`.
 * @returns whether keys are on, and the switch
 */
export function useReviewKeys(onHelp: () => void): { isOn: boolean; turn: (isOn: boolean) => void } {
  const isOn = useSyncExternalStore(onSwitch, remembered, () => true);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "?") return act(event, onHelp);
      if (isOn) pressed(event);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [isOn, onHelp]);
  return { isOn, turn: remember };
}

function pressed(event: KeyboardEvent): void {
  const cases = [...document.querySelectorAll<HTMLElement>("[data-case]")];
  const at = cases.findIndex((each) => each.contains(document.activeElement));
  const here = cases[at];
  const control = (selector: string): HTMLElement | null => here?.querySelector<HTMLElement>(selector) ?? null;
  switch (event.key.toLowerCase()) {
    case "j":
      return act(event, () => cases[Math.min(at + 1, cases.length - 1)]?.focus());
    case "k":
      return act(event, () => cases[Math.max(at - 1, 0)]?.focus());
    case "a":
      return act(event, () => control('button[value="approve"]:not(:disabled)')?.click());
    case "r":
      return act(event, () => control('select[name="reason"]')?.focus());
    case "u":
      return act(event, () => control('input[name="reason"]')?.focus());
    case "x":
      return act(event, () => control('input[type="checkbox"]')?.click());
  }
}

function act(event: KeyboardEvent, does: () => void): void {
  event.preventDefault();
  does();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches(TYPING) && !target.matches('[type="checkbox"]');
}

let isOnHere: boolean | null = null;
const listeners = new Set<() => void>();

function onSwitch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A browser that blocks storage in frames remembers nothing: then keys are on again on the next page. */
function remembered(): boolean {
  if (isOnHere !== null) return isOnHere;
  try {
    return localStorage.getItem(MEMORY) !== "off";
  } catch {
    return true; // storage is refused: keys are on, as for somebody new
  }
}

function remember(isOn: boolean): void {
  isOnHere = isOn;
  for (const listener of listeners) listener();
  try {
    localStorage.setItem(MEMORY, isOn ? "on" : "off");
  } catch {
    // Nothing depends on it: the switch holds until the page is left.
  }
}
