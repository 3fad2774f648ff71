package dev.nightsafe.fuzz;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Nothing but what is documented is thrown, and never after more than two seconds of processor time. */
public final class Bounds {
    private static final long MOST = Duration.ofSeconds(2).toNanos();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private Bounds() {}

    /** What the parser made; empty when it refused as documented. Anything else that it throws is a finding. */
    public static <T> Optional<T> parsed(Supplier<T> parser, Predicate<RuntimeException> documented) {
        long before = THREADS.getCurrentThreadCpuTime();
        Optional<T> made;
        try {
            made = Optional.of(parser.get());
        } catch (RuntimeException e) {
            if (!documented.test(e)) {
                throw e;
            }
            made = Optional.empty();
        }
        long took = THREADS.getCurrentThreadCpuTime() - before;
        if (took > MOST) {
            throw new AssertionError("took " + Duration.ofNanos(took));
        }
        return made;
    }

    /** As {@link #parsed}, for parsers that refuse with one of these codes. */
    public static <T> Optional<T> parsed(Supplier<T> parser, ProblemCode... codes) {
        return parsed(
                parser,
                e -> e instanceof NightsafeException known
                        && List.of(codes).contains(known.code())
                        && known.getMessage() != null);
    }

    /** The text of these bytes; empty when they are no UTF-8. */
    public static Optional<String> text(byte[] utf8) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
