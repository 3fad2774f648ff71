package dev.nightsafe.console.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.console.platform.Caller;
import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.console.WorkspaceRow;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.InstantSource;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class TaskEventsLimitTest {
    private static final Scope SCOPE =
            new Scope(new Caller("t", "t", null, Set.of(), 0), new WorkspaceRow("w", "w", 0));

    /** Nothing is written before there is something to tell. */
    private static final HttpServletResponse UNTOUCHED = (HttpServletResponse) Proxy.newProxyInstance(
            TaskEventsLimitTest.class.getClassLoader(), new Class<?>[] {HttpServletResponse.class}, (_, method, _) -> {
                throw new AssertionError(method.getName());
            });

    @Test
    void only_so_many_streams_are_open_and_each_makes_room_when_it_ends() throws Exception {
        try (Keeper keeper =
                new Keeper(URI.create("https://127.0.0.1:1"), SSLContext.getDefault(), InstantSource.system())) {
            TaskEvents events = new TaskEvents(keeper, _ -> true);
            events.free().acquire(TaskEvents.MOST - 1);
            assertThat(code(events)).isEqualTo(ProblemCode.KEEPER_UNAVAILABLE);
            assertThat(events.free().availablePermits()).isEqualTo(1);
            events.free().acquire();
            assertThat(code(events)).isEqualTo(ProblemCode.OVERLOADED);
            events.free().release();
            assertThat(code(events)).isEqualTo(ProblemCode.KEEPER_UNAVAILABLE);
        }
    }

    private static ProblemCode code(TaskEvents events) throws IOException {
        try {
            events.stream(SCOPE, Ids.next(), UNTOUCHED);
            throw new AssertionError("it was let in");
        } catch (NightsafeException e) {
            return e.code();
        }
    }
}
