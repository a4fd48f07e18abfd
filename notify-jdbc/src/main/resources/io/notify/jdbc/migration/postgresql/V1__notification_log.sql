-- The notification log on PostgreSQL. Times are UTC, whatever the zone of the JVM or the session.

-- The end of the log: one row, whose lock orders writers.
CREATE TABLE notification_head (
    id             SMALLINT    PRIMARY KEY CHECK (id = 1),
    epoch          VARCHAR(32) NOT NULL,
    seq            BIGINT      NOT NULL,
    purged_through BIGINT      NOT NULL
);

CREATE TABLE notification_logs (
    id           VARCHAR(255) PRIMARY KEY,
    seq          BIGINT       NOT NULL UNIQUE,
    user_id      VARCHAR(255) NOT NULL, -- '*' for a row of more than one user
    audience     VARCHAR(300), -- a kind and a name of up to 255; NULL means the user's own, 'user:' and user_id, which
                               -- spares such rows a second index entry at a place of its own
    event        VARCHAR(255) NOT NULL,
    payload      TEXT         NOT NULL, -- JSON
    delivered    BOOLEAN      DEFAULT FALSE NOT NULL,
    delivered_at TIMESTAMP(3),
    error        TEXT,
    created_at   TIMESTAMP(3) NOT NULL,
    connections  INTEGER      DEFAULT 0 NOT NULL, -- how many took it
    read_at      TIMESTAMP(3), -- by its user, or by whoever was first if it has more than one
    expires_at   TIMESTAMP(3),
    collapse_key VARCHAR(255)
) WITH (fillfactor = 90); -- room for the update that says delivered, which touches no index
CREATE INDEX notification_logs_user ON notification_logs (user_id, seq);
CREATE INDEX notification_logs_audience ON notification_logs (audience, seq);
CREATE INDEX notification_logs_event ON notification_logs (event, seq);
CREATE INDEX notification_logs_created ON notification_logs (created_at, seq);

-- Who a row of a list of users is for.
CREATE TABLE notification_recipients (
    user_id VARCHAR(255) NOT NULL,
    seq     BIGINT       NOT NULL,
    PRIMARY KEY (user_id, seq)
);
CREATE INDEX notification_recipients_seq ON notification_recipients (seq);

-- What one user's reading said of a row that is not theirs alone.
CREATE TABLE notification_receipts (
    notification_id VARCHAR(255) NOT NULL,
    user_id         VARCHAR(255) NOT NULL,
    delivered_at    TIMESTAMP(3),
    read_at         TIMESTAMP(3),
    PRIMARY KEY (notification_id, user_id)
);

-- The rows that have a collapse key, apart so that those without cost no index entry.
CREATE TABLE notification_collapses (
    audience     VARCHAR(300) NOT NULL,
    collapse_key VARCHAR(255) NOT NULL,
    seq          BIGINT       NOT NULL,
    PRIMARY KEY (audience, collapse_key, seq)
);
CREATE INDEX notification_collapses_seq ON notification_collapses (seq);

CREATE TABLE notification_keys (
    sender          VARCHAR(255) NOT NULL,
    idempotency_key VARCHAR(255) NOT NULL,
    digest          VARCHAR(64)  NOT NULL,
    notification_id VARCHAR(255) NOT NULL,
    seq             BIGINT       NOT NULL,
    created_at      TIMESTAMP(3) NOT NULL,
    PRIMARY KEY (sender, idempotency_key)
);
CREATE INDEX notification_keys_created ON notification_keys (created_at);

-- The rooms a session joined by hand, a line each.
CREATE TABLE notification_session_rooms (
    session_id VARCHAR(255) PRIMARY KEY,
    rooms      TEXT NOT NULL,
    expires_at TIMESTAMP(3) NOT NULL
);
CREATE INDEX notification_session_rooms_expires ON notification_session_rooms (expires_at);

-- How far each user has received.
CREATE TABLE notification_acknowledgements (
    user_id         VARCHAR(255) PRIMARY KEY,
    seq             BIGINT       NOT NULL,
    acknowledged_at TIMESTAMP(3) NOT NULL
);
