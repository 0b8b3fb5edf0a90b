import { useEffect } from "react";

/** Shows a short message in Shopify's admin whenever it changes to one; null shows nothing. */
export function useToast(message: string | null): void {
  useEffect(() => {
    if (message !== null && "shopify" in window) shopify.toast.show(message);
  }, [message]);
}
