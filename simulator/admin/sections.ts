import { html, type Html } from "../pages/html.ts";
import { ordersOf } from "../world/customer-orders.ts";
import { nameOf } from "../world/customers.ts";
import { discountStatus } from "../world/discounts.ts";
import { printMinor } from "../world/money.ts";
import { financialStatus, orderTotals } from "../world/order-totals.ts";
import type { Customer, Discount, Order, Shop } from "../world/types.ts";
import { APP_PATH, type Place } from "./frame.ts";

const ROWS_MAX = 250;

/** The admin's home: the figures of the shop, and the way to the app. */
export function homeSection({ shop, base }: Place): Html {
  const orders = [...shop.orders.values()];
  const codes = [...shop.discounts.values()].reduce((total, discount) => total + discount.codes.size, 0);
  const tiles: readonly (readonly [string, number, string])[] = [
    ["Orders", orders.length, "/orders"],
    ["Customers", shop.customers.size, "/customers"],
    ["Discount codes", codes, "/discounts"],
  ];
  return html`<h1>Home</h1>
    <ul class="tiles">
      ${tiles.map(
        ([label, count, path]) =>
          html`<li>
            <a href="${base}${path}"><span>${label}</span><strong>${count}</strong></a>
          </li>`,
      )}
    </ul>
    <section class="card">
      <h2>Goodword</h2>
      <p>${shop.installation === null ? "The app is not installed in this shop yet." : "The app is installed."}</p>
      <p>
        <a class="button" href="${base}${APP_PATH}"
          >${shop.installation === null ? "Install and open" : "Open Goodword"}</a
        >
      </p>
    </section>`;
}

/** All orders, newest first. */
export function ordersSection({ shop, base }: Place): Html {
  const rows = [...shop.orders.values()].reverse().slice(0, ROWS_MAX);
  const cells = (order: Order): Html =>
    html`<tr>
      <th scope="row"><a href="${base}/orders/${order.id}">#${order.number}</a></th>
      <td>${dayOf(shop, order.createdAt)}</td>
      <td>${buyerOf(shop, order)}</td>
      <td>
        <span class="badge">${wordsOf(financialStatus(order))}</span
        >${order.test ? html` <span class="badge">Test</span>` : null}
      </td>
      <td>${codesUsed(order)}</td>
      <td class="number">${printMinor(orderTotals(order).totalMinor, shop.currency)} ${shop.currency}</td>
    </tr>`;
  return html`<h1>Orders</h1>
    ${table(["Order", "Placed", "Customer", "Payment", "Codes used", "Total"], rows.map(cells), "No orders yet.")}`;
}

/** All customers, newest first. */
export function customersSection({ shop, base }: Place): Html {
  const rows = [...shop.customers.values()].reverse().slice(0, ROWS_MAX);
  const cells = (customer: Customer): Html =>
    html`<tr>
      <th scope="row"><a href="${base}/customers/${customer.id}">${nameOf(customer)}</a></th>
      <td>${customer.email ?? "no e-mail"}</td>
      <td><span class="badge">${customer.state === "ENABLED" ? "Has an account" : "No account"}</span></td>
      <td>${dayOf(shop, customer.createdAt)}</td>
      <td class="number">${ordersOf(shop, customer.id).length}</td>
    </tr>`;
  return html`<h1>Customers</h1>
    ${table(["Name", "E-mail", "Account", "Since", "Orders"], rows.map(cells), "No customers yet.")}`;
}

/** All discounts with every code they hold and how often each was used. */
export function discountsSection({ shop, world }: Place): Html {
  const discounts = [...shop.discounts.values()].reverse();
  if (discounts.length === 0)
    return html`<h1>Discounts</h1>
      <section class="card"><p>No discounts yet. Goodword makes one when it pays its first reward.</p></section>`;
  return html`<h1>Discounts</h1>
    ${discounts.map(
      (discount) =>
        html`<section class="card">
          <h2>${discount.title}</h2>
          <p class="hint">
            ${worthOf(shop, discount)} ·
            ${wordsOf(discountStatus(discount, world.clock.now()))}${limitsOf(shop, discount)}
          </p>
          ${table(["Code", "Used"], codeRows(discount), "No codes.")}
        </section>`,
    )}`;
}

function codeRows(discount: Discount): Html[] {
  const limit = discount.usageLimit === null ? "" : ` of ${discount.usageLimit}`;
  return [...discount.codes.values()].slice(0, ROWS_MAX).map(
    ({ code, uses }) =>
      html`<tr>
        <th scope="row"><code>${code}</code></th>
        <td>${uses}${limit}</td>
      </tr>`,
  );
}

function worthOf(shop: Shop, { value }: Discount): string {
  switch (value.kind) {
    case "percentage":
      return `${value.basisPoints / 100} % off`;
    case "amount":
      return `${printMinor(value.amountMinor, shop.currency)} ${shop.currency} off`;
    case "free_shipping":
      return "Free shipping";
  }
}

function limitsOf(shop: Shop, discount: Discount): string {
  return discount.endsAt === null ? "" : ` · ends ${dayOf(shop, discount.endsAt)}`;
}

function buyerOf(shop: Shop, order: Order): string {
  const customer = order.customerId === null ? undefined : shop.customers.get(order.customerId);
  return customer ? nameOf(customer) : (order.email ?? "nobody");
}

function codesUsed(order: Order): Html {
  if (order.discountApplications.length === 0) return html`<span class="hint">none</span>`;
  return html`${order.discountApplications.map(({ code }) => html`<code>${code}</code> `)}`;
}

function wordsOf(state: string): string {
  return state.charAt(0) + state.slice(1).toLowerCase().replaceAll("_", " ");
}

function dayOf(shop: Shop, at: Date): string {
  return at.toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: shop.ianaTimezone,
  });
}

function table(heads: readonly string[], rows: readonly Html[], empty: string): Html {
  if (rows.length === 0) return html`<section class="card"><p>${empty}</p></section>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${heads.join(", ")}">
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
