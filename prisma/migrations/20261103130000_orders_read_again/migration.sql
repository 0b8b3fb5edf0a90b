-- Orders are read again from Shopify, since a webhook may be lost: up to where that has come.
ALTER TABLE shops ADD COLUMN orders_read_to timestamptz; -- every order that changed before it was read; NULL before the first pass
GRANT UPDATE (orders_read_to) ON shops TO gw_app;
