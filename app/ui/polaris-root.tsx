import { Link, useNavigate } from "@remix-run/react";
import { AppProvider } from "@shopify/polaris";
import type { AppProviderProps } from "@shopify/polaris";
import english from "@shopify/polaris/locales/en.json";
import { forwardRef, useEffect } from "react";
import type { AnchorHTMLAttributes, ReactNode } from "react";

type PolarisLinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { url: string; external?: boolean };

/** Polaris draws links through this, so that moving between pages never reloads the frame. */
const PolarisLink = forwardRef<HTMLAnchorElement, PolarisLinkProps>(function PolarisLink(
  { url, external, ...props },
  ref,
) {
  if (external === true || /^[a-z]+:/.test(url)) return <a {...props} href={url} ref={ref} />;
  return <Link {...props} to={url} ref={ref} />;
});

/** Polaris for the whole document, and App Bridge's clicks on the admin's own menu turned into page changes. */
export function PolarisRoot({ children }: { children: ReactNode }) {
  const navigate = useNavigate();
  useEffect(() => {
    function followMenu(event: Event): void {
      const href = event.target instanceof Element ? event.target.getAttribute("href") : null;
      if (href !== null) navigate(href);
    }
    addEventListener("shopify:navigate", followMenu);
    return () => {
      removeEventListener("shopify:navigate", followMenu);
    };
  }, [navigate]);
  return (
    // Polaris types its link as taking the attributes of every element; an anchor's are all that it ever passes.
    <AppProvider i18n={english} linkComponent={PolarisLink as NonNullable<AppProviderProps["linkComponent"]>}>
      {children}
    </AppProvider>
  );
}
