import { useEffect, useState } from "react";
import type { SetupStepView } from "../../read-models.ts";

/**
 * Whether the storefront script is switched on in the live theme. Only Shopify's admin knows, and tells the page through
 * App Bridge after it has been drawn; until then, and where App Bridge cannot say, the answer stays "unknown".
 */
export function useEmbedState(): SetupStepView["state"] {
  const [state, setState] = useState<SetupStepView["state"]>("unknown");
  useEffect(() => {
    if (!("shopify" in window)) return undefined;
    let isGone = false;
    shopify.app.extensions().then(
      (extensions) => {
        const embed = extensions.find((extension) => extension.type === "theme_app_extension");
        if (!isGone && embed !== undefined) setState(isActive(embed) ? "done" : "waiting");
      },
      () => {
        if (!isGone) setState("unknown"); // an older admin cannot be asked: the step goes on saying what to look for
      },
    );
    return () => {
      isGone = true;
    };
  }, []);
  return state;
}

/** The set-up step with what Shopify's admin said of it. */
export function withEmbedState(step: SetupStepView, state: SetupStepView["state"]): SetupStepView {
  return state === "done" ? { ...step, state, detail: "Switched on in your live theme." } : { ...step, state };
}

function isActive(extension: object): boolean {
  if (!("activations" in extension) || !Array.isArray(extension.activations)) return false;
  return extension.activations.some((each: { status?: unknown }) => each.status === "active");
}
