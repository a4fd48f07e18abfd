-- Names and ids are looked for and never shown in a language's order: by bytes they compare several times faster, and no
-- later version of the system's collations can leave an index wrong. They still compare with columns of the database's own
-- collation.
DROP INDEX notification_logs_audience;
ALTER TABLE notification_logs
    ALTER id           TYPE VARCHAR(255) COLLATE "C",
    ALTER user_id      TYPE VARCHAR(255) COLLATE "C",
    ALTER audience     TYPE VARCHAR(300) COLLATE "C",
    ALTER event        TYPE VARCHAR(255) COLLATE "C",
    ALTER collapse_key TYPE VARCHAR(255) COLLATE "C";
ALTER TABLE notification_recipients
    ALTER user_id TYPE VARCHAR(255) COLLATE "C";
ALTER TABLE notification_receipts
    ALTER notification_id TYPE VARCHAR(255) COLLATE "C",
    ALTER user_id         TYPE VARCHAR(255) COLLATE "C";
ALTER TABLE notification_collapses
    ALTER audience     TYPE VARCHAR(300) COLLATE "C",
    ALTER collapse_key TYPE VARCHAR(255) COLLATE "C";
ALTER TABLE notification_keys
    ALTER sender          TYPE VARCHAR(255) COLLATE "C",
    ALTER idempotency_key TYPE VARCHAR(255) COLLATE "C",
    ALTER notification_id TYPE VARCHAR(255) COLLATE "C";
ALTER TABLE notification_session_rooms
    ALTER session_id TYPE VARCHAR(255) COLLATE "C";
ALTER TABLE notification_acknowledgements
    ALTER user_id TYPE VARCHAR(255) COLLATE "C";
ALTER TABLE notification_epochs
    ALTER epoch TYPE VARCHAR(32) COLLATE "C";

-- A user's own row has no audience of its own, and so no entry here.
CREATE INDEX notification_logs_audience ON notification_logs (audience, seq) WHERE audience IS NOT NULL;
