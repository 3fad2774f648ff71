package programs;

import dev.nightsafe.sdk.Nightsafe;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** A program that waits, in a task, for a new value. */
final class Watching {
    private static volatile String told = "nothing";

    private Watching() {}

    public static void main(String[] arguments) {
        CountDownLatch there = new CountDownLatch(1);
        Nightsafe.tasks()
                .watch("KEY_FILE", value -> {
                    told = new StringBuilder(new String(value, StandardCharsets.UTF_8))
                            .reverse()
                            .toString();
                    if (told.equals("dab")) {
                        throw new IllegalStateException("this callback fails");
                    }
                    there.countDown();
                })
                .handle(String.class, (payload, task) -> {
                    if (payload.equals("wait")) {
                        task.progress("waiting");
                        there.await();
                    }
                    return told;
                })
                .run();
    }
}
