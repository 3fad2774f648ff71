package dev.nightsafe.console.audit;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Paths;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.protocol.console.ConsoleApi;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /audit}. */
@RestController
@RequestMapping(Paths.WORKSPACE + "/audit")
public final class AuditResource {
    private static final int MAX_LIMIT = 1000;

    private final AuditTrail trail;

    public AuditResource(AuditTrail trail) {
        this.trail = trail;
    }

    @GetMapping
    ConsoleApi.Items<ConsoleApi.AuditEvent> tail(
            Scope scope,
            @RequestParam(required = false) @Nullable String chain,
            @RequestParam(defaultValue = "100") int limit) {
        return new ConsoleApi.Items<>(trail.tail(scope, chain, Failures.requireWithin("limit", limit, 1, MAX_LIMIT)));
    }

    /** The scope is the gate's; a chain is verified whole or not at all. */
    @GetMapping("/verification")
    ConsoleApi.Items<ConsoleApi.ChainVerification> verify(
            Scope scope,
            @RequestParam(required = false) @Nullable String chain,
            @RequestParam(defaultValue = "") String seen) {
        return new ConsoleApi.Items<>(trail.verify(chain, SeenHead.list(seen)));
    }

    @GetMapping("/export")
    ConsoleApi.AuditPage export(
            Scope scope,
            @RequestParam String chain,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "0") long from,
            @RequestParam(defaultValue = "1000") int limit) {
        return trail.export(
                scope,
                chain,
                requireNotNegative("after", after),
                requireNotNegative("from", from),
                Failures.requireWithin("limit", limit, 1, MAX_LIMIT));
    }

    private static long requireNotNegative(String name, long number) {
        if (number < 0) {
            throw Failures.badRequest("'" + name + "' is a number from 0");
        }
        return number;
    }
}
