package dev.nightsafe.keeper.grants;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.database.keeper.Grants;
import dev.nightsafe.database.keeper.RuleSetsSeen;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.database.keeper.ServingLeases;
import dev.nightsafe.keeper.leases.Serving;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes down what is released, to whom and for which commit, before it is released (I2). Thread-safe. */
final class Ledger {
    private final Committer committer;
    private final Origins origins;

    Ledger(Committer committer, Origins origins) {
        this.committer = committer;
        this.origins = origins;
    }

    /**
     * One commit with ledger, highest versions and audit event; durable when it returns.
     *
     * @throws NightsafeException {@code ROLLED_BACK} for a version that is lower than, or another box than, what was
     *     released before, and for release rules in a lower version than were seen before; {@code LEASE_LOST} when the lease ended meanwhile; what the committer throws. Then nothing
     *     may be released
     */
    void record(String grantId, CheckedRequest request, Found found) {
        committer.commit(transaction -> {
            requireStillHeld(transaction, request);
            found.rules().forEach(rules -> requireNewest(transaction, request, rules));
            Collection<Released> released = distinct(found.released());
            release(transaction, released, request.versions() != null);
            Grants.insert(
                    transaction.handle(),
                    row(grantId, request, transaction.now()),
                    released.stream().map(Ledger::version).toList());
            SortedMap<String, String> details = details(request);
            details.put("grant", grantId);
            details.put("secrets", names(found.released()));
            if (request.versions() != null) {
                details.put("versions", "same");
            }
            transaction.audit(event(request, "ok", details));
            return true;
        });
    }

    /** Records a refusal that somebody should look at. */
    void recordRefusal(CheckedRequest request, NightsafeException refusal) {
        SortedMap<String, String> details = details(request);
        details.put("problem", String.valueOf(refusal.getMessage()));
        committer.commit(transaction -> {
            transaction.audit(event(request, refusal.code().code(), details));
            return true;
        });
    }

    private static void requireStillHeld(Transaction transaction, CheckedRequest request) {
        boolean leased = ServingLeases.find(
                        transaction.handle(), request.lease().id())
                .filter(lease -> lease.fencing() == request.lease().fencing()
                        && lease.digest().equals(request.lease().digest())
                        && lease.expiresAt() > transaction.now())
                .isPresent();
        boolean enrolled = Runners.find(transaction.handle(), request.runner().id())
                .filter(runner -> runner.isStill(request.runner()))
                .isPresent();
        if (!leased || !enrolled) {
            throw Serving.lost();
        }
    }

    private static void requireNewest(Transaction transaction, CheckedRequest request, Found.Rules rules) {
        String vault = rules.vault().id();
        long highest = RuleSetsSeen.highest(transaction.handle(), vault).orElse(0L);
        if (highest > rules.version()) {
            String name = rules.vault().name();
            throw new NightsafeException(
                    ProblemCode.ROLLED_BACK,
                    "the release rules of vault '" + name
                            + "' are older than ones that were there before: the console's"
                            + " tables were set back. Take back what should not be allowed (nightsafe vault show "
                            + name
                            + "), then: nightsafe vault allow " + name + " --queue "
                            + request.lease().queueName());
        }
        if (highest < rules.version()) {
            RuleSetsSeen.see(transaction.handle(), vault, rules.version());
        }
    }

    /** A secret that is asked for twice is granted once. */
    private static Collection<Released> distinct(List<Released> released) {
        Map<String, Released> byAddress = new LinkedHashMap<>();
        released.forEach(one ->
                byAddress.putIfAbsent(one.vault().id() + "/" + one.secret().key(), one));
        return byAddress.values();
    }

    private void release(Transaction transaction, Collection<Released> released, boolean older) {
        Map<String, List<Released>> byVault = released.stream()
                .collect(Collectors.groupingBy(one -> one.vault().id()));
        byVault.forEach((vault, all) -> {
            List<String> keys = all.stream().map(one -> one.secret().key()).toList();
            Map<String, Grants.Released> before = Grants.released(transaction.handle(), vault, keys);
            all.forEach(one -> release(transaction, one, before.get(one.secret().key()), older));
        });
    }

    /** @param older whether a lower version was asked for, which this very task had before */
    private void release(Transaction transaction, Released one, Grants.@Nullable Released before, boolean older) {
        long version = one.secret().version();
        byte[] hash = origins.of(one);
        if (before != null
                && ((version < before.version() && !older)
                        || (version == before.version() && !java.util.Arrays.equals(hash, before.boxHash())))) {
            throw new NightsafeException(
                    ProblemCode.ROLLED_BACK,
                    "secret '" + one.name() + "' is version " + version + " of the console's tables, but version "
                            + before.version() + " was released before"
                            + (version == before.version() ? " with another box" : "")
                            + ": the tables were set back; deposit it again, until its version is above "
                            + before.version());
        }
        if (before == null || version > before.version()) {
            Grants.release(transaction.handle(), one.vault().id(), one.secret().key(), version, hash);
        }
    }

    private static Grants.Row row(String grantId, CheckedRequest request, long now) {
        return new Grants.Row(
                grantId,
                request.runner().id(),
                request.lease().queueId(),
                request.lease().queueName(),
                request.lease().id(),
                request.commit(),
                now);
    }

    private static Grants.Version version(Released one) {
        return new Grants.Version(
                one.vault().id(),
                one.vault().name(),
                one.secret().key(),
                one.secret().version());
    }

    private static String names(List<Released> released) {
        return released.stream()
                .map(one -> one.name() + "@" + one.secret().version())
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private static SortedMap<String, String> details(CheckedRequest request) {
        SortedMap<String, String> details = new TreeMap<>();
        details.put("queue", request.lease().queueName());
        details.put("purpose", request.purpose().name().toLowerCase(Locale.ROOT));
        details.put("commit", request.commit() == null ? "" : request.commit());
        details.put("runner", request.runner().name());
        details.put("site", request.runner().site());
        return details;
    }

    private static AuditEvent event(CheckedRequest request, String outcome, SortedMap<String, String> details) {
        return new AuditEvent(
                request.lease().workspaceId(),
                "runner:" + request.runner().id(),
                "grant",
                "queue:" + request.lease().queueId(),
                outcome,
                details);
    }
}
