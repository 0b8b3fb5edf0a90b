import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ACCOUNT_TOKEN_URL } from "../account/register.ts";
import { drawExtensions, localeOf } from "../extensions/place.ts";
import { html, type Html } from "../pages/html.ts";
import { findCustomer } from "../world/contacts.ts";
import { ordersOf } from "../world/customer-orders.ts";
import { createCustomer, enableCustomer } from "../world/customers.ts";
import { financialStatus, orderTotals } from "../world/order-totals.ts";
import type { Customer, Order, Shop } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { displayMoney } from "./cart.ts";
import { field, formOf } from "./form-body.ts";
import { problemNote, storefrontPage } from "./layout.ts";
import { land, sessionsOf, visit, type Visit } from "./sessions.ts";

const HERE = { constraints: { surface: "storefront" } };
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Sign-up, log-in, log-out and the account's page. E-mail alone logs in: a pretend shop guards no secrets. */
export function registerCustomerPages(scope: FastifyInstance, world: World): void {
  const enter = (request: FastifyRequest, reply: FastifyReply): Visit =>
    visit(world, sessionsOf(world), request, reply);
  const show = (reply: FastifyReply, now: Visit, page: { title: string; body: Html }): FastifyReply =>
    reply.type("text/html").send(storefrontPage(world, now, { ...page, narrow: true }));

  scope.get("/account", HERE, (request, reply) => {
    const now = enter(request, reply);
    land(now.session, request);
    if (now.account === null) return reply.redirect("/account/login", 302);
    return show(reply, now, { title: "Your account", body: accountPage(now.shop, now.account, localeOf(request)) });
  });

  scope.get("/account/login", HERE, (request, reply) => {
    const now = enter(request, reply);
    land(now.session, request);
    return show(reply, now, { title: "Log in", body: loginPage("", null) });
  });

  scope.post("/account/login", HERE, (request, reply) => {
    const now = enter(request, reply);
    const email = given(formOf(request.body), "email");
    const customer = findCustomer(now.shop, { email });
    if (email === "" || customer === null) {
      const problem = "There is no account with this e-mail address yet.";
      return show(reply.code(422), now, { title: "Log in", body: loginPage(email, problem) });
    }
    logIn(world, now, customer);
    if (field(formOf(request.body), "account_only") !== "") now.session.customerId = null;
    return reply.redirect("/account", 303);
  });

  scope.get("/account/register", HERE, (request, reply) => {
    const now = enter(request, reply);
    land(now.session, request);
    return show(reply, now, { title: "Sign up", body: registerPage(new URLSearchParams(), null) });
  });

  scope.post("/account/register", HERE, (request, reply) => {
    const now = enter(request, reply);
    const form = formOf(request.body);
    const problem = signUp(world, now, form);
    if (problem !== null) return show(reply.code(422), now, { title: "Sign up", body: registerPage(form, problem) });
    return reply.redirect("/account", 303);
  });

  for (const method of ["GET", "POST"] as const) {
    scope.route({
      method,
      url: "/account/logout",
      ...HERE,
      handler: (request, reply) => {
        Object.assign(enter(request, reply).session, { customerId: null, accountCustomerId: null });
        return reply.redirect("/", 303);
      },
    });
  }
}

/** Logs a customer in to the shop and to the account; the first time ever, the shop's new accounts mark the customer as enabled. */
export function logIn(world: World, now: Pick<Visit, "shop" | "session">, customer: Customer): void {
  now.session.customerId = customer.id;
  now.session.accountCustomerId = customer.id;
  if (now.shop.customerAccounts === "new") enableCustomer(world, now.shop, customer);
}

/** Themes post `customer[email]`, our own pages `email`. */
function given(form: URLSearchParams, name: string): string {
  return field(form, `customer[${name}]`) || field(form, name);
}

/** Makes the account and logs in; returns what is wrong with the form, or null. */
function signUp(world: World, now: Visit, form: URLSearchParams): string | null {
  const email = given(form, "email");
  if (!EMAIL.test(email)) return "Enter an e-mail address, such as mara@example.com.";
  const known = findCustomer(now.shop, { email });
  if (known !== null && known.state === "ENABLED") return "This e-mail address has an account already. Log in instead.";
  const phone = given(form, "phone") || null;
  if (phone !== null && known === null && findCustomer(now.shop, { phone }) !== null)
    return "This phone number belongs to another account.";
  const names = { firstName: given(form, "first_name") || null, lastName: given(form, "last_name") || null };
  const state = now.shop.customerAccounts === "new" ? "DISABLED" : "ENABLED";
  const customer = known ?? createCustomer(world, now.shop, { ...names, email, phone, state, note: noteOf(form) });
  logIn(world, now, customer);
  return null;
}

/** Shopify makes one line of each `customer[note][name]` that a form brings; a bare `customer[note]` is the note itself. */
function noteOf(form: URLSearchParams): string | null {
  const lines = [...form].flatMap(([name, value]) => {
    const [, part] = /^customer\[note\](?:\[([^\]]+)\])?$/.exec(name) ?? [];
    if (!name.startsWith("customer[note]") || value === "") return [];
    return [part === undefined ? value : `${part}: ${value}`];
  });
  return lines.length === 0 ? null : lines.join("\n");
}

function loginPage(email: string, problem: string | null): Html {
  return html`<h1>Log in</h1>
    ${problemNote(problem)}
    <form class="stack" method="post" action="/account/login">
      <label>E-mail <input name="email" type="email" autocomplete="email" required value="${email}" /></label>
      <label class="check"
        ><input type="checkbox" name="account_only" value="1" /> Only to the account, not to the shop</label
      >
      <p class="hint">A real shop would send you a code. This one takes your word for it.</p>
      <button class="button" type="submit">Log in</button>
    </form>
    <p>New here? <a href="/account/register">Sign up</a></p>`;
}

function registerPage(form: URLSearchParams, problem: string | null): Html {
  return html`<h1>Sign up</h1>
    ${problemNote(problem)}
    <form class="stack" method="post" action="/account/register">
      <input type="hidden" name="form_type" value="create_customer" />
      <div class="pair">
        <label
          >First name <input name="first_name" autocomplete="given-name" value="${given(form, "first_name")}"
        /></label>
        <label
          >Last name <input name="last_name" autocomplete="family-name" value="${given(form, "last_name")}"
        /></label>
      </div>
      <label
        >E-mail <input name="email" type="email" autocomplete="email" required value="${given(form, "email")}"
      /></label>
      <button class="button" type="submit">Sign up</button>
    </form>
    <p>Been here before? <a href="/account/login">Log in</a></p>`;
}

function accountPage(shop: Shop, customer: Customer, locale: string): Html {
  const target = "customer-account.profile.block.render";
  const place = { target, locale, shop: shop.domain, tokenUrl: ACCOUNT_TOKEN_URL };
  const orders = ordersOf(shop, customer.id).toReversed();
  return html`<h1>${customer.firstName ? `Hello, ${customer.firstName}` : "Your account"}</h1>
    <p class="hint">${customer.email}</p>
    ${shop.installation === null ? null : drawExtensions([place])}
    <h2>Your orders</h2>
    ${
      orders.length === 0
        ? html`<p>Nothing yet. <a href="/#boxes">Choose a box</a></p>`
        : html`<ul class="orders">
            ${orders.map((order) => orderRow(shop, order))}
          </ul>`
    }
    <form method="post" action="/account/logout"><button class="button plain" type="submit">Log out</button></form>`;
}

function orderRow(shop: Shop, order: Order): Html {
  const placed = order.createdAt.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: shop.ianaTimezone,
  });
  return html`<li>
    <a href="/orders/${order.token}">#${order.number}</a>
    <span>${placed}</span>
    <span>${orderState(order)}</span>
    <span class="amount">${displayMoney(orderTotals(order).totalMinor, shop.currency)}</span>
  </li>`;
}

/** What a customer is told about an order's state. */
export function orderState(order: Order): string {
  if (order.cancelledAt !== null) return "Cancelled";
  return financialStatus(order)
    .toLowerCase()
    .replaceAll("_", " ")
    .replace(/^./, (letter) => letter.toUpperCase());
}
