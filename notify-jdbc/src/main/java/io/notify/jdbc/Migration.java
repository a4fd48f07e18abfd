package io.notify.jdbc;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The schema is what this version expects, or the log does not open. */
final class Migration {
    /** Apart from the host's own, which may live in the same schema. */
    private static final String HISTORY = "notify_schema_history";

    private Migration() {}

    /**
     * Brings the tables up to date.
     *
     * @param dataSource gives connections without our time limits, since an index may take long
     */
    static void run(DataSource dataSource, Dialect dialect, Secrets secrets) {
        try {
            Flyway.configure(Migration.class.getClassLoader())
                    .dataSource(dataSource)
                    .locations("classpath:" + dialect.migrations())
                    .table(HISTORY)
                    // other tables in the schema are none of our business
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            SQLException sql = Failures.sql(e);
            throw new IllegalStateException(
                    "migrate: " + secrets.clean(sql == null ? e.getMessage() : sql.getMessage())
                            + " (expected: the scripts of " + dialect.migrations() + " run)",
                    secrets.clean(e));
        }
    }
}
