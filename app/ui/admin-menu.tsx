import { NavMenu } from "@shopify/app-bridge-react";
import { Link } from "@remix-run/react";

/** The app's entries in the menu of Shopify's admin. App Bridge reads them and draws them outside the frame. */
export function AdminMenu() {
  return (
    <NavMenu>
      <Link to="/app" rel="home">
        Home
      </Link>
      <Link to="/app/referrals">Referrals</Link>
      <Link to="/app/review">Review</Link>
      <Link to="/app/screen">Screen</Link>
      <Link to="/app/program">Programme</Link>
      <Link to="/app/words">Words</Link>
      <Link to="/app/ledger">Ledger</Link>
      <Link to="/app/health">Health</Link>
    </NavMenu>
  );
}
