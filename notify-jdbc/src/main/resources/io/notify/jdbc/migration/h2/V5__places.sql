-- A commit writes every page of an index that it touches, and rows of 64 users are 64 pages of an index by user. So rows are kept
-- by user within each 16,384 numbers only: few pages, which hold the rows of many. A place is the number's high bits, 23 bits of the
-- user's hash and the number's low 14 bits; io.notify.jdbc.UserRows reads by it, and finds the user in the index too, without the
-- row. Numbers end at 2^40. What is copied is added to what an earlier start copied before it was ended.
CREATE TABLE IF NOT EXISTS notification_logs_placed (
    seq          BIGINT       PRIMARY KEY,
    id           UUID         NOT NULL,
    user_id      VARCHAR(255) NOT NULL, -- '*' for a row of more than one user
    audience     VARCHAR(300), -- a kind and a name of up to 255; NULL means the user's own, 'user:' and user_id, which
                               -- spares such rows a second index entry at a place of its own
    event        VARCHAR(255) NOT NULL,
    payload      VARCHAR(1048576) NOT NULL, -- JSON; H2's TEXT is a LOB, kept apart from its row and slow
    delivered    BOOLEAN      DEFAULT FALSE NOT NULL,
    delivered_at TIMESTAMP(3),
    error        VARCHAR(1000),
    created_at   TIMESTAMP(3) NOT NULL,
    connections  INTEGER      DEFAULT 0 NOT NULL, -- how many took it
    read_at      TIMESTAMP(3), -- by its user, or by whoever was first if it has more than one
    expires_at   TIMESTAMP(3),
    collapse_key VARCHAR(255),
    place        BIGINT GENERATED ALWAYS AS (
        seq / 16384 * 137438953472
        + CAST(BITAND(CAST(SUBSTRING(HASH('SHA-256', user_id) FROM 1 FOR 4) AS INTEGER), 8388607) AS BIGINT) * 16384
        + MOD(seq, 16384))
);
INSERT INTO notification_logs_placed (seq, id, user_id, audience, event, payload, delivered, delivered_at, error,
    created_at, connections, read_at, expires_at, collapse_key)
SELECT seq, id, user_id, audience, event, payload, delivered, delivered_at, error, created_at, connections, read_at,
    expires_at, collapse_key
FROM notification_logs
WHERE seq > (SELECT COALESCE(MAX(seq), 0) FROM notification_logs_placed)
ORDER BY seq;

DROP TABLE notification_logs;
ALTER TABLE notification_logs_placed RENAME TO notification_logs;

CREATE UNIQUE INDEX notification_logs_id ON notification_logs (id);
CREATE INDEX notification_logs_place ON notification_logs (place, user_id);
CREATE INDEX notification_logs_audience ON notification_logs (audience, seq);
