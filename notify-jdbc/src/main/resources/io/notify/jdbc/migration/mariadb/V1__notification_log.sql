-- The notification log on MariaDB and MySQL. docs/DATABASE.md explains each table and index. Times are UTC: TIMESTAMP would
-- convert them to the zone of the session, and ends in 2038. Names differ by letter case, hence the collation.

-- The end of the log: one row, whose lock orders all writers.
CREATE TABLE notification_head (
    id             SMALLINT PRIMARY KEY CHECK (id = 1),
    epoch          VARCHAR(32) NOT NULL,
    seq            BIGINT NOT NULL, -- the number of the last notification
    purged_through BIGINT NOT NULL  -- rows up to this number may have been purged
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Former epochs and where they ended: up to there their positions mean the rows that have the same numbers now.
CREATE TABLE notification_epochs (
    epoch    VARCHAR(32) PRIMARY KEY,
    last_seq BIGINT NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE notification_logs (
    seq          BIGINT PRIMARY KEY, -- the place in the log, rising in commit order, without holes
    id           VARCHAR(255) NOT NULL, -- a UUIDv7
    user_id      VARCHAR(255) NOT NULL, -- '*' if the audience is wider than one user
    audience     VARCHAR(300) NOT NULL, -- 'user:42', 'role:ADMIN', 'room:job:7', 'everyone', 'users', ...
    event        VARCHAR(255) NOT NULL,
    delivered    BOOLEAN DEFAULT FALSE NOT NULL,
    delivered_at DATETIME(3), -- when the first connection took it
    read_at      DATETIME(3), -- when its user, or anybody of a wide audience, first read it
    error        TEXT, -- why it could not be delivered
    created_at   DATETIME(3) NOT NULL,
    expires_at   DATETIME(3),
    connections  INTEGER DEFAULT 0 NOT NULL, -- how many connections took it
    collapse_key VARCHAR(255), -- a later row with the same audience and key replaces this one
    payload      MEDIUMTEXT NOT NULL -- JSON, as clients receive it
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX notification_logs_id ON notification_logs (id);
CREATE INDEX notification_logs_user ON notification_logs (user_id, seq);
CREATE INDEX notification_logs_audience ON notification_logs (audience, seq);
CREATE INDEX notification_logs_event ON notification_logs (event, seq);
CREATE INDEX notification_logs_created ON notification_logs (created_at, seq);
CREATE INDEX notification_logs_collapse ON notification_logs (collapse_key, audience, seq);

-- The users of an audience that is a list.
CREATE TABLE notification_recipients (
    user_id VARCHAR(255) NOT NULL,
    seq     BIGINT NOT NULL,
    PRIMARY KEY (user_id, seq)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX notification_recipients_seq ON notification_recipients (seq);

-- What one user did with a row that is not theirs alone.
CREATE TABLE notification_receipts (
    notification_id VARCHAR(255) NOT NULL,
    user_id         VARCHAR(255) NOT NULL,
    delivered_at    DATETIME(3),
    read_at         DATETIME(3),
    PRIMARY KEY (notification_id, user_id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Idempotency keys; each is worth 24 hours.
CREATE TABLE notification_keys (
    sender          VARCHAR(255) NOT NULL,
    idempotency_key VARCHAR(255) NOT NULL,
    digest          VARCHAR(64) NOT NULL, -- SHA-256 of the content
    notification_id VARCHAR(255) NOT NULL,
    seq             BIGINT NOT NULL,
    created_at      DATETIME(3) NOT NULL,
    PRIMARY KEY (sender, idempotency_key)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX notification_keys_created ON notification_keys (created_at);

-- The rooms that a session joined by hand, one a line.
CREATE TABLE notification_session_rooms (
    session_id VARCHAR(255) PRIMARY KEY,
    rooms      MEDIUMTEXT NOT NULL,
    expires_at DATETIME(3) NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX notification_session_rooms_expires ON notification_session_rooms (expires_at);

-- How far each user has received.
CREATE TABLE notification_acknowledgements (
    user_id         VARCHAR(255) PRIMARY KEY,
    seq             BIGINT NOT NULL,
    acknowledged_at DATETIME(3) NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Sums by the hour and event of creation, changed in the transactions that change the rows. ms_5 counts first deliveries that
-- took more than 2 and at most 5 milliseconds, and so on.
CREATE TABLE notification_stats (
    created_hour    DATETIME(3) NOT NULL,
    event           VARCHAR(255) NOT NULL,
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
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
