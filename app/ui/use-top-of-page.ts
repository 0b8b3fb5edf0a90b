import { useLocation, useNavigationType } from "@remix-run/react";
import { useEffect } from "react";

/**
 * Begins every page that was chosen at its top; going back stays where the browser puts it. Remix's own component keeps
 * places in `sessionStorage`, which a browser that blocks third-party storage refuses to a frame.
 */
export function useTopOfPage(): void {
  const { pathname } = useLocation();
  const isChosen = useNavigationType() !== "POP";
  useEffect(() => {
    if (isChosen) window.scrollTo(0, 0);
  }, [pathname, isChosen]);
}
