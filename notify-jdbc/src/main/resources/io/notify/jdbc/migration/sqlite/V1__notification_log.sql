-- The notification log on SQLite. docs/DATABASE.md explains each table and index. Times are text, UTC: '2026-07-01 12:00:00.123'.

-- The end of the log: one row, whose lock orders all writers.
CREATE TABLE notification_head (
    id             INTEGER PRIMARY KEY CHECK (id = 1),
    epoch          TEXT NOT NULL,
    seq            BIGINT NOT NULL, -- the number of the last notification
    purged_through BIGINT NOT NULL  -- rows up to this number may have been purged
);

-- Former epochs and where they ended: up to there their positions mean the rows that have the same numbers now.
CREATE TABLE notification_epochs (
    epoch    TEXT PRIMARY KEY,
    last_seq BIGINT NOT NULL
);

CREATE TABLE notification_logs (
    seq          INTEGER PRIMARY KEY, -- the place in the log, rising in commit order, without holes
    id           TEXT NOT NULL, -- a UUIDv7
    user_id      TEXT NOT NULL, -- '*' if the audience is wider than one user
    audience     TEXT NOT NULL, -- 'user:42', 'role:ADMIN', 'room:job:7', 'everyone', 'users', ...
    event        TEXT NOT NULL,
    delivered    BOOLEAN DEFAULT FALSE NOT NULL,
    delivered_at TEXT, -- when the first connection took it
    read_at      TEXT, -- when its user, or anybody of a wide audience, first read it
    error        TEXT, -- why it could not be delivered
    created_at   TEXT NOT NULL,
    expires_at   TEXT,
    connections  INTEGER DEFAULT 0 NOT NULL, -- how many connections took it
    collapse_key TEXT, -- a later row with the same audience and key replaces this one
    payload      TEXT NOT NULL -- JSON, as clients receive it
);
CREATE UNIQUE INDEX notification_logs_id ON notification_logs (id);
CREATE INDEX notification_logs_user ON notification_logs (user_id, seq);
CREATE INDEX notification_logs_audience ON notification_logs (audience, seq) WHERE user_id = '*';
CREATE INDEX notification_logs_event ON notification_logs (event, seq);
CREATE INDEX notification_logs_created ON notification_logs (created_at, seq);
CREATE INDEX notification_logs_collapse ON notification_logs (collapse_key, audience, seq) WHERE collapse_key IS NOT NULL;

-- The users of an audience that is a list.
CREATE TABLE notification_recipients (
    user_id TEXT NOT NULL,
    seq     BIGINT NOT NULL,
    PRIMARY KEY (user_id, seq)
) WITHOUT ROWID;
CREATE INDEX notification_recipients_seq ON notification_recipients (seq);

-- What one user did with a row that is not theirs alone.
CREATE TABLE notification_receipts (
    notification_id TEXT NOT NULL,
    user_id         TEXT NOT NULL,
    delivered_at    TEXT,
    read_at         TEXT,
    PRIMARY KEY (notification_id, user_id)
) WITHOUT ROWID;

-- Idempotency keys; each is worth 24 hours.
CREATE TABLE notification_keys (
    sender          TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    digest          TEXT NOT NULL, -- SHA-256 of the content
    notification_id TEXT NOT NULL,
    seq             BIGINT NOT NULL,
    created_at      TEXT NOT NULL,
    PRIMARY KEY (sender, idempotency_key)
);
CREATE INDEX notification_keys_created ON notification_keys (created_at);

-- The rooms that a session joined by hand, one a line.
CREATE TABLE notification_session_rooms (
    session_id TEXT PRIMARY KEY,
    rooms      TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
CREATE INDEX notification_session_rooms_expires ON notification_session_rooms (expires_at);

-- How far each user has received.
CREATE TABLE notification_acknowledgements (
    user_id         TEXT PRIMARY KEY,
    seq             BIGINT NOT NULL,
    acknowledged_at TEXT NOT NULL
);

-- Sums by the hour and event of creation, changed in the transactions that change the rows. ms_5 counts first deliveries that
-- took more than 2 and at most 5 milliseconds, and so on.
CREATE TABLE notification_stats (
    created_hour    TEXT NOT NULL,
    event           TEXT NOT NULL,
    first_seq       BIGINT NOT NULL, -- the rows of this hour and event lie between these two numbers
    last_seq        BIGINT NOT NULL,
    sent_count      BIGINT NOT NULL,
    delivered_count BIGINT DEFAULT 0 NOT NULL,
    read_count      BIGINT DEFAULT 0 NOT NULL,
    failed_count    BIGINT DEFAULT 0 NOT NULL,
    ms_1            BIGINT DEFAULT 0 NOT NULL,
    ms_2            BIGINT DEFAULT 0 NOT NULL,
    ms_5            BIGINT DEFAULT 0 NOT NULL,
    ms_10           BIGINT DEFAULT 0 NOT NULL,
    ms_20           BIGINT DEFAULT 0 NOT NULL,
    ms_50           BIGINT DEFAULT 0 NOT NULL,
    ms_100          BIGINT DEFAULT 0 NOT NULL,
    ms_200          BIGINT DEFAULT 0 NOT NULL,
    ms_500          BIGINT DEFAULT 0 NOT NULL,
    ms_1000         BIGINT DEFAULT 0 NOT NULL,
    ms_2000         BIGINT DEFAULT 0 NOT NULL,
    ms_5000         BIGINT DEFAULT 0 NOT NULL,
    ms_10000        BIGINT DEFAULT 0 NOT NULL,
    ms_60000        BIGINT DEFAULT 0 NOT NULL,
    ms_600000       BIGINT DEFAULT 0 NOT NULL,
    ms_3600000      BIGINT DEFAULT 0 NOT NULL,
    ms_more         BIGINT DEFAULT 0 NOT NULL,
    PRIMARY KEY (created_hour, event)
) WITHOUT ROWID;
