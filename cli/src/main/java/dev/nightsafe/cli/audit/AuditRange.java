package dev.nightsafe.cli.audit;

import dev.nightsafe.cli.platform.CliException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Of which chains, and from when to when: for {@code audit export}, and again to verify what that wrote. */
final class AuditRange {
    static final List<String> PARTS = List.of("console", "keeper");

    @Option(names = "--chain", paramLabel = "PART", description = "Only console's or keeper's.")
    private @Nullable String chain;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = AuditTime.class,
            description = "Begin with the last event before then.")
    private @Nullable Instant from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = AuditTime.class,
            description = "End with the first signature at or after then.")
    private @Nullable Instant to;

    AuditRange() {}

    AuditRange(@Nullable String chain, @Nullable Instant from, @Nullable Instant to) {
        this.chain = chain;
        this.from = from;
        this.to = to;
    }

    boolean isEverything() {
        return chain == null && from == null && to == null;
    }

    /** Whose chains. */
    List<String> parts() {
        if (chain != null && !PARTS.contains(chain)) {
            throw CliException.usage("--chain is console or keeper", "nightsafe help audit export");
        }
        return chain == null ? PARTS : List.of(chain);
    }

    /** Null for from the first event on. */
    @Nullable
    Instant from() {
        return from;
    }

    /** Null for to the end. */
    @Nullable
    Instant to() {
        return to;
    }
}
