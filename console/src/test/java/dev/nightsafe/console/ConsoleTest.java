package dev.nightsafe.console;

import dev.nightsafe.database.engine.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests of one console that all share, each in a workspace of its own; {@link OnPostgresqlTest} runs them again. */
@ExtendWith(ConsoleTest.Shared.class)
abstract class ConsoleTest {
    private static final AtomicInteger WORKSPACES = new AtomicInteger();

    final String workspace = "w" + WORKSPACES.incrementAndGet();
    final String base = "/api/v1/workspaces/" + workspace;

    @SuppressWarnings("NullAway.Init") // by the extension, before each test
    RunningConsole console;

    Engine engine() {
        return Engine.SQLITE;
    }

    /** Lives as long as the tests. */
    static final class Shared implements BeforeEachCallback {
        private record Kept(Path home, RunningConsole console) implements AutoCloseable {
            @Override
            public void close() throws IOException {
                console.close();
                try (Stream<Path> files = Files.walk(home)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }

        @Override
        public void beforeEach(ExtensionContext context) {
            ConsoleTest test = (ConsoleTest) context.getRequiredTestInstance();
            test.console = context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(Shared.class))
                    .computeIfAbsent(test.engine(), Shared::start, Kept.class)
                    .console();
            test.console.workspace(test.workspace);
        }

        private static Kept start(Engine engine) {
            try {
                Path home = Files.createTempDirectory("nightsafe-console");
                return new Kept(home, new RunningConsole(home, engine));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
