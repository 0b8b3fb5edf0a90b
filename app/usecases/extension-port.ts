import type { ChangeTrouble } from "./ports.ts";

/** What the app's extensions in one shop need of its Admin API. */
export type ExtensionCalls = {
  /** Switches the web pixel on with these settings, or gives the one that is on these settings. */
  activatePixel(settings: Readonly<Record<string, string>>): Promise<{ readonly outcome: "ok" } | ChangeTrouble>;
  /** Starts the workflows of a trigger. Each call that arrives starts them. */
  triggerFlow(
    handle: string,
    payload: Readonly<Record<string, string | number>>,
  ): Promise<{ readonly outcome: "ok" } | ChangeTrouble>;
};
