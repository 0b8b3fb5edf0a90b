-- The sweep finds the shops with due rows by stepping from shop to shop, so that one index serves it and the claims.
-- Each row of work is written once and changed twice: an index less is felt at every one of these.
DROP INDEX inbox_due;
DROP INDEX outbox_due;
