-- Where former epochs ended: up to there their positions mean the rows that have the same numbers now.
CREATE TABLE notification_epochs (
    epoch    VARCHAR(32) PRIMARY KEY,
    last_seq BIGINT      NOT NULL
);
