import { drawExtensions } from "../extensions/place.ts";
import { html, type Html } from "../pages/html.ts";
import { ordersOf } from "../world/customer-orders.ts";
import { nameOf, requireCustomer } from "../world/customers.ts";
import { gid } from "../world/ids.ts";
import { printMinor } from "../world/money.ts";
import { financialStatus, orderTotals } from "../world/order-totals.ts";
import { WorldError } from "../world/world.ts";
import type { Place } from "./frame.ts";

/** One order, with the app's block beside it. Throws WorldError 404 when there is no such order. */
export function orderDetails({ shop, world, base }: Place, id: string): { title: string; body: Html } {
  const order = shop.orders.get(id);
  if (order === undefined) throw new WorldError("There is no such order.", 404);
  const buyer = order.customerId === null ? undefined : shop.customers.get(order.customerId);
  const body = html`<h1>Order #${order.number}</h1>
    <section class="card">
      <p>
        ${buyer === undefined ? (order.email ?? "Nobody") : html`<a href="${base}/customers/${buyer.id}">${nameOf(buyer)}</a>`}
        <span class="badge">${financialStatus(order).toLowerCase().replaceAll("_", " ")}</span>
      </p>
      <ul>
        ${order.lines.map(({ title, quantity }) => html`<li>${quantity} × ${title}</li>`)}
      </ul>
      <p><strong>${printMinor(orderTotals(order).totalMinor, shop.currency)} ${shop.currency}</strong></p>
    </section>
    ${block(world.app.appUrl, shop.domain, "admin.order-details.block.render", gid("Order", order.id))}`;
  return { title: `Order #${order.number}`, body };
}

/** One customer, with the app's block beside them. Throws WorldError 404 when there is none. */
export function customerDetails({ shop, world, base }: Place, id: string): { title: string; body: Html } {
  const customer = requireCustomer(shop, id);
  const orders = ordersOf(shop, customer.id).toReversed();
  const body = html`<h1>${nameOf(customer)}</h1>
    <section class="card">
      <p>${customer.email ?? "no e-mail"}</p>
      <p>
        ${orders.length === 0 ? "No orders yet." : null}
        ${orders.map((order) => html`<a href="${base}/orders/${order.id}">#${order.number}</a> `)}
      </p>
    </section>
    ${block(world.app.appUrl, shop.domain, "admin.customer-details.block.render", gid("Customer", customer.id))}`;
  return { title: nameOf(customer), body };
}

/** The app's block as the admin runs it: it knows what is selected, and its calls go to the app with an id token. */
function block(appUrl: string, shop: string, target: string, selected: string): Html | null {
  const tokenUrl = `/_bridge/id-token?shop=${shop}`;
  return drawExtensions([
    { target, locale: "en", shop, tokenUrl, appUrl, api: { data: { selected: [{ id: selected }] } } },
  ]);
}
