-- What operators filter and sum by, 256 numbers of the log to a row: whoever filled these tables from the rows would find the
-- same. Their bytes are described in Facts, Deliveries and Blocks; opening the log adds what is missing.
CREATE TABLE notification_blocks (
    block_number BIGINT PRIMARY KEY, -- seq / 256
    first_at     TIMESTAMP(3)       NOT NULL, -- the lowest and the highest created_at
    last_at      TIMESTAMP(3)       NOT NULL,
    facts        BYTEA NOT NULL
);
CREATE TABLE notification_block_deliveries (
    block_number BIGINT           PRIMARY KEY,
    deliveries   BYTEA NOT NULL
);
CREATE TABLE notification_block_readings (
    block_number BIGINT        PRIMARY KEY,
    readings     BYTEA NOT NULL -- one bit a row
);

-- nothing is looked for by these any more, and each was a page to be written with nearly every commit
DROP INDEX notification_logs_event;
DROP INDEX notification_logs_created;
