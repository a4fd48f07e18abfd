-- Where former epochs ended: up to there their positions mean the rows that have the same numbers now.
CREATE TABLE notification_epochs (
    epoch    VARCHAR(32) PRIMARY KEY,
    last_seq BIGINT      NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
