package dev.nightsafe.console;

import dev.nightsafe.database.engine.Engine;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What the console does on SQLite, it does on PostgreSQL. */
@Tag("postgresql")
class OnPostgresqlTest {
    @Nested
    class AlteredTokens extends AlteredTokensTest {
        @Override
        Engine engine() {
            return Engine.POSTGRESQL;
        }
    }

    @Nested
    class Vaults extends VaultsTest {
        @Override
        Engine engine() {
            return Engine.POSTGRESQL;
        }
    }

    @Nested
    class Deposits extends DepositsTest {
        @Override
        Engine engine() {
            return Engine.POSTGRESQL;
        }
    }

    @Nested
    class Versions extends VersionsTest {
        @Override
        Engine engine() {
            return Engine.POSTGRESQL;
        }
    }

    @Nested
    class Rekey extends RekeyTest {
        @Override
        Engine engine() {
            return Engine.POSTGRESQL;
        }
    }

    @Nested
    class AlteredRekeys extends AlteredRekeysTest {
        @Override
        Engine engine() {
            return Engine.POSTGRESQL;
        }
    }

    @Nested
    class Queues extends QueuesTest {
        @Override
        Engine engine() {
            return Engine.POSTGRESQL;
        }
    }

    @Nested
    class ReleaseRules extends ReleaseRulesTest {
        @Override
        Engine engine() {
            return Engine.POSTGRESQL;
        }
    }

    @Nested
    class AlteredRules extends AlteredRulesTest {
        @Override
        Engine engine() {
            return Engine.POSTGRESQL;
        }
    }

    @Nested
    class TasksAndRunners extends TasksAndRunnersTest {
        @Override
        Engine engine() {
            return Engine.POSTGRESQL;
        }
    }

    @Nested
    class Schedules extends SchedulesTest {
        @Override
        Engine engine() {
            return Engine.POSTGRESQL;
        }
    }

    @Nested
    class QueueCheck extends QueueCheckTest {
        @Override
        Engine engine() {
            return Engine.POSTGRESQL;
        }
    }

    @Nested
    class Tokens extends TokensTest {
        @Override
        Engine engine() {
            return Engine.POSTGRESQL;
        }
    }

    @Nested
    class Audit extends AuditTest {
        @Override
        Engine engine() {
            return Engine.POSTGRESQL;
        }
    }
}
