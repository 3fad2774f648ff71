package dev.nightsafe.console.platform;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.http.ApiClient;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.json.Json;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * The keeper's internal API. Its failures that concern the caller are passed on; a keeper that can't be reached is
 * {@link ProblemCode#KEEPER_UNAVAILABLE}. Thread-safe.
 */
public final class Keeper implements AutoCloseable {
    /** What a keeper says about the caller's request; anything else is between console and keeper. */
    private static final Set<ProblemCode> PASSED_ON = EnumSet.of(
            ProblemCode.BAD_REQUEST,
            ProblemCode.INVALID_NAME,
            ProblemCode.BODY_TOO_LARGE,
            ProblemCode.NOT_FOUND,
            ProblemCode.QUEUE_NOT_FOUND,
            ProblemCode.VAULT_NOT_FOUND,
            ProblemCode.ALREADY_EXISTS,
            ProblemCode.QUEUE_PAUSED,
            ProblemCode.WRONG_STATE,
            ProblemCode.LOCK_CHANGED,
            ProblemCode.IDEMPOTENCY_CONFLICT,
            ProblemCode.SECRET_UNREADABLE,
            ProblemCode.VAULTS_NOT_CONFIGURED,
            ProblemCode.DATABASE_UNAVAILABLE,
            ProblemCode.OUTCOME_UNKNOWN,
            ProblemCode.OVERLOADED);

    private final ApiClient client;
    private final KeeperStatus status;

    /** @param identity {@link dev.nightsafe.protocol.link.Link#clientContext} */
    public Keeper(URI address, SSLContext identity, InstantSource clock) {
        client = new ApiClient(address, identity, null, Optional::empty);
        status = new KeeperStatus(
                () -> call(
                        "GET",
                        "/internal/v1/status",
                        null,
                        new TypeReference<InternalApi.Status>() {},
                        KeeperStatus.SOONER),
                clock);
    }

    public <T> T get(String path, TypeReference<T> type) {
        return call("GET", path, null, type, Duration.ZERO);
    }

    /** @param wait how long the keeper may take on top of the usual 30 s */
    public <T> T get(String path, TypeReference<T> type, Duration wait) {
        return call("GET", path, null, type, wait);
    }

    public <T> T post(String path, Object body, TypeReference<T> type) {
        return call("POST", path, body, type, Duration.ZERO);
    }

    /** Its status, not older than 2 s. Throws {@link ProblemCode#KEEPER_UNAVAILABLE}. */
    public InternalApi.Status status() {
        return status.get();
    }

    /** The keeper's status, if vaults are enabled; else throws {@link ProblemCode#VAULTS_NOT_CONFIGURED}. */
    public InternalApi.Status requireVaults() {
        InternalApi.Status now = status();
        if (!now.vaultsEnabled()) {
            throw new NightsafeException(
                    ProblemCode.VAULTS_NOT_CONFIGURED,
                    "vaults not configured: " + now.reason() + "; put that right and start the keeper again");
        }
        return now;
    }

    private <T> T call(String method, String path, @Nullable Object body, TypeReference<T> type, Duration wait) {
        byte[] answer;
        try {
            answer = client.send(method, path, body, wait);
        } catch (NightsafeException e) {
            throw translated(e);
        }
        return Json.MAPPER.readValue(answer, type);
    }

    private static NightsafeException translated(NightsafeException e) {
        if (e.code() == ProblemCode.UNREACHABLE) {
            return new NightsafeException(
                    ProblemCode.KEEPER_UNAVAILABLE, "the keeper doesn't answer; start it, then try again", e);
        }
        return PASSED_ON.contains(e.code())
                ? e
                : new NightsafeException(
                        ProblemCode.INTERNAL, "the keeper answered " + e.code() + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        client.close();
    }
}
