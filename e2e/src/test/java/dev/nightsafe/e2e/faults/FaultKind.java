package dev.nightsafe.e2e.faults;

import dev.nightsafe.testkit.FaultyProxy.Trouble;
import org.jspecify.annotations.Nullable;

/** What the nemesis can do, and to whom. In the order in which faults that come together end. */
enum FaultKind {
    DATABASE_AWAY("database", true, false),
    FULL_DISK_OF_CONSOLE("console's disk", false, true),
    FULL_DISK_OF_KEEPER("keeper's disk", false, true),
    CUT_RUNNERS("runners' link", Trouble.CUT),
    SILENT_RUNNERS("runners' link", Trouble.SILENT),
    SLOW_RUNNERS("runners' link", Trouble.SLOW),
    DAMAGED_RUNNERS("runners' link", Trouble.DAMAGED),
    CUT_CONSOLE("console's link", Trouble.CUT),
    SILENT_CONSOLE("console's link", Trouble.SILENT),
    SLOW_CONSOLE("console's link", Trouble.SLOW),
    DAMAGED_CONSOLE("console's link", Trouble.DAMAGED),
    PAUSED_CONSOLE("console", true, true),
    PAUSED_KEEPER("keeper", true, true),
    PAUSED_RUNNER("runner", true, true),
    KILLED_CONSOLE("console", true, true),
    KILLED_KEEPER("keeper", true, true),
    KILLED_RUNNER("runner", true, true),
    KILLED_WORKER("worker", true, true);

    private final String target;
    private final boolean onPostgresql;
    private final boolean onSqlite;
    private final @Nullable Trouble trouble;

    FaultKind(String target, boolean onPostgresql, boolean onSqlite) {
        this.target = target;
        this.onPostgresql = onPostgresql;
        this.onSqlite = onSqlite;
        this.trouble = null;
    }

    FaultKind(String target, Trouble trouble) {
        this.target = target;
        this.onPostgresql = true;
        this.onSqlite = true;
        this.trouble = trouble;
    }

    /** Two faults of one target don't come together. */
    String target() {
        return target;
    }

    boolean isOn(EngineUnderTest engine) {
        return engine == EngineUnderTest.POSTGRESQL ? onPostgresql : onSqlite;
    }

    /** What a link suffers; null for what doesn't concern one. */
    @Nullable
    Trouble trouble() {
        return trouble;
    }
}
