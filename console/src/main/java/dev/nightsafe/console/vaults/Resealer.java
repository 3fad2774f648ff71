package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.Boxes;
import dev.nightsafe.database.console.RekeyRepository;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * Has boxes of one rekey sealed anew by the keeper, and stores them: a batch in one commit, each box with its MAC, in the
 * place of the one it was made from. Remembers what the keeper couldn't open. Thread-safe.
 */
final class Resealer {
    private final Committer committer;
    private final Keeper keeper;
    private final Mac accepted;
    private final Target target;
    private final AtomicReference<@Nullable NightsafeException> firstRefusal = new AtomicReference<>();
    private final AtomicInteger refused = new AtomicInteger();

    /**
     * Which rekey it is for.
     *
     * @param lockId the vault's new lock
     */
    record Target(String workspaceId, String vaultId, String rekeyId, String lockId, String actor) {}

    Resealer(Committer committer, Keeper keeper, Mac accepted, Target target) {
        this.committer = committer;
        this.keeper = keeper;
        this.accepted = accepted;
        this.target = target;
    }

    /** How many were stored; those that the keeper can't open or read are left as they are. */
    int reseal(List<Boxes.Box> boxes) {
        InternalApi.Resealed resealed;
        try {
            resealed = ask(boxes);
        } catch (NightsafeException e) {
            if (e.code() != ProblemCode.SECRET_UNREADABLE && e.code() != ProblemCode.BAD_REQUEST) {
                throw e;
            }
            if (boxes.size() > 1) {
                int half = boxes.size() / 2;
                return reseal(boxes.subList(0, half)) + reseal(boxes.subList(half, boxes.size()));
            }
            refuse(e);
            return 0;
        }
        return store(renewed(boxes, resealed));
    }

    boolean isFor(Target other) {
        return target.equals(other);
    }

    int refused() {
        return refused.get();
    }

    /** Throws when there are boxes that the keeper couldn't open. */
    void requireNoneRefused() {
        NightsafeException first = firstRefusal.get();
        if (first != null) {
            int more = refused.get() - 1;
            throw new NightsafeException(
                    ProblemCode.SECRET_UNREADABLE,
                    first.getMessage() + (more == 0 ? "" : " (and " + more + " more)"),
                    first);
        }
    }

    private void refuse(NightsafeException e) {
        firstRefusal.compareAndSet(null, e);
        refused.incrementAndGet();
    }

    private InternalApi.Resealed ask(List<Boxes.Box> boxes) {
        return keeper.post(
                "/internal/v1/vaults/" + target.vaultId() + "/reseal",
                new InternalApi.Reseal(
                        target.workspaceId(),
                        target.actor(),
                        target.lockId(),
                        boxes.stream().map(Resealer::stored).toList()),
                new TypeReference<>() {});
    }

    private static InternalApi.StoredBox stored(Boxes.Box box) {
        Base64.Encoder base64 = Base64.getEncoder();
        return new InternalApi.StoredBox(
                box.key(),
                box.version(),
                box.suite(),
                box.lockId(),
                base64.encodeToString(box.box()),
                base64.encodeToString(box.acceptedMac()),
                base64.encodeToString(box.origin()),
                box.isSecret(),
                box.expiresAt(),
                box.version());
    }

    private List<Boxes.Renewed> renewed(List<Boxes.Box> boxes, InternalApi.Resealed resealed) {
        if (resealed.boxes().size() != boxes.size()
                || resealed.origins().size() != boxes.size()
                || !resealed.lock().equals(target.lockId())) {
            throw new NightsafeException(ProblemCode.INTERNAL, "the keeper sealed something else than it was asked to");
        }
        List<Boxes.Renewed> renewed = new ArrayList<>();
        for (int i = 0; i < boxes.size(); i++) {
            renewed.add(renewed(
                    boxes.get(i),
                    resealed.suite(),
                    resealed.boxes().get(i),
                    resealed.origins().get(i)));
        }
        return renewed;
    }

    private Boxes.Renewed renewed(Boxes.Box before, String suite, String box64, String origin64) {
        byte[] box = Base64.getDecoder().decode(box64);
        byte[] hash = Digests.sha256(box);
        byte[] mac = accepted.of(new DepositBinding(
                        target.workspaceId(), target.vaultId(), before.key(), before.version(), before.isSecret())
                .authenticated(target.lockId(), hash, before.expiresAt()));
        return new Boxes.Renewed(
                before,
                suite,
                target.lockId(),
                box,
                hash,
                mac,
                Base64.getDecoder().decode(origin64));
    }

    private int store(List<Boxes.Renewed> renewed) {
        return committer.commit(transaction -> {
            int moved = Boxes.replace(transaction.handle(), target.vaultId(), renewed);
            RekeyRepository.advance(transaction.handle(), target.rekeyId(), moved);
            return moved;
        });
    }
}
