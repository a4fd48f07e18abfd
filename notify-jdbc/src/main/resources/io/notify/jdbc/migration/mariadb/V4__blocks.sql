-- What operators filter and sum by, 256 numbers of the log to a row: whoever filled these tables from the rows would find the
-- same. Their bytes are described in Facts, Deliveries and Blocks; opening the log adds what is missing.
CREATE TABLE notification_blocks (
    block_number BIGINT             PRIMARY KEY, -- seq / 256
    first_at     DATETIME(3)       NOT NULL, -- the lowest and the highest created_at
    last_at      DATETIME(3)       NOT NULL,
    facts        MEDIUMBLOB NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE notification_block_deliveries (
    block_number BIGINT           PRIMARY KEY,
    deliveries   BLOB NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE notification_block_readings (
    block_number BIGINT        PRIMARY KEY,
    readings     VARBINARY(32) NOT NULL -- one bit a row
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- nothing is looked for by these any more, and each was a page to be written with nearly every commit
DROP INDEX notification_logs_event ON notification_logs;
DROP INDEX notification_logs_created ON notification_logs;
