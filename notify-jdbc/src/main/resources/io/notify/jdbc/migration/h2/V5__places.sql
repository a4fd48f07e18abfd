-- A commit writes every page of an index that it touches, and rows of 64 users are 64 pages of an index by user. So rows are kept
-- by user within each 16,384 numbers only: few pages, which hold the rows of many. A place is the number's high bits, 23 bits of the
-- user's hash and the number's low 14 bits; io.notify.jdbc.UserRows reads by it, and finds the user in the index too, without the
-- row. May be run again after being cut off.
ALTER TABLE notification_logs ADD COLUMN IF NOT EXISTS place BIGINT GENERATED ALWAYS AS (
    seq / 16384 * 137438953472
    + CAST(BITAND(CAST(SUBSTRING(HASH('SHA-256', user_id) FROM 1 FOR 4) AS INTEGER), 8388607) AS BIGINT) * 16384
    + MOD(seq, 16384));
CREATE INDEX IF NOT EXISTS notification_logs_place ON notification_logs (place, user_id);
DROP INDEX IF EXISTS notification_logs_user;
