package programs;

import dev.nightsafe.sdk.Nightsafe;
import java.time.Instant;
import java.util.List;

/** Programs that can't work; the argument says which. */
final class Unable {
    record Timed(List<Instant> times) {}

    private Unable() {}

    public static void main(String[] arguments) {
        switch (arguments[0]) {
            case "no handler" -> Nightsafe.tasks().run();
            case "payload" ->
                Nightsafe.tasks().handle(Timed.class, (payload, task) -> 1).run();
            case "load" ->
                Nightsafe.tasks()
                        .load(Unable::load)
                        .handle(Object.class, (payload, task, loaded) -> 1)
                        .run();
            case "twice" ->
                Nightsafe.tasks()
                        .handle("a", Object.class, (payload, task) -> 1)
                        .handle("a", Object.class, (payload, task) -> 1)
                        .run();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static String load() {
        throw new IllegalStateException("no model");
    }
}
