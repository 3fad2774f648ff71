package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.http.ApiClient;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.report.Reports;
import dev.nightsafe.runner.local.RunnerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The one gate through which this runner speaks to the platform. There is a method for each thing that may leave and no
 * other way; whatever a program said is redacted here once more and sanitized, and each call is recorded in {@code sent.jsonl} before
 * it is made. Problems of the keeper come as {@link NightsafeException}s with its code. Thread-safe.
 */
public final class Outbound implements AutoCloseable {
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private final ApiClient open;
    private final ApiClient signedIn;
    private final SentRecord sent;
    private final Cleaning cleaning;
    private volatile @Nullable AccessTokens tokens;

    public Outbound(RunnerConfig config, Map<String, String> environment, KnownValues known) {
        SSLContext tls = config.ca() == null ? null : Trust.with(config.ca());
        Proxies proxies = new Proxies(environment);
        String proxyAuthorization = proxies.authorization(config.keeper());
        this.open = new ApiClient(config.keeper(), tls, proxies, proxyAuthorization, Optional::empty);
        this.signedIn = new ApiClient(config.keeper(), tls, proxies, proxyAuthorization, this::bearer);
        this.sent = new SentRecord(config.folder());
        this.cleaning = new Cleaning(known, new Sanitizer(config.sanitize()));
    }

    /** From now on calls carry an access token of this runner's, renewed as needed. */
    public void signInAs(String runnerId, String rootFingerprint, Ed25519.Signer key) {
        tokens = new AccessTokens(new Assertions(runnerId, rootFingerprint, key), this::token);
    }

    public KeeperApi.Root root() {
        return call(open, "GET", "/v1/root", null, KeeperApi.Root.class, Duration.ZERO, false);
    }

    public KeeperApi.Enrolled enrol(KeeperApi.NewEnrolment enrolment) {
        return call(open, "POST", "/v1/enrolments", enrolment, KeeperApi.Enrolled.class, Duration.ZERO, false);
    }

    /** Long poll for what to serve. */
    public KeeperApi.Serving serving(KeeperApi.ServingRequest request) {
        KeeperApi.ServingRequest clean = new KeeperApi.ServingRequest(
                request.held().stream()
                        .map(held -> new KeeperApi.HeldLease(
                                held.leaseId(), held.state(), cleaning.text(held.detail()), held.restarted()))
                        .toList(),
                request.knownRevision(),
                request.waitMillis(),
                request.isolation(),
                request.heads(),
                cleaning.text(request.auditProblem()));
        Duration wait = Duration.ofMillis(request.waitMillis());
        boolean ofTask = clean.held().stream().anyMatch(held -> held.detail() != null);
        return authorized("POST", "/v1/serving", clean, KeeperApi.Serving.class, wait, ofTask);
    }

    /** Gives a serving lease back. */
    public void stopServing(String leaseId) {
        authorized("DELETE", serving(leaseId), null, null, Duration.ZERO, false);
    }

    public KeeperApi.Grant grant(String servingLeaseId, KeeperApi.GrantRequest request) {
        return authorized(
                "POST", serving(servingLeaseId) + "/grants", request, KeeperApi.Grant.class, Duration.ZERO, false);
    }

    /** Long poll for tasks. */
    public KeeperApi.TaskLeases tasks(KeeperApi.TaskLeaseRequest request) {
        Duration wait = Duration.ofMillis(request.waitMillis());
        return authorized("POST", "/v1/task-leases", request, KeeperApi.TaskLeases.class, wait, false);
    }

    /** @param permitted how much of the program's progress may leave */
    public KeeperApi.Beat heartbeat(String taskLeaseId, KeeperApi.Heartbeat beat, Disclosure permitted) {
        boolean silent = permitted.results() == Disclosure.Results.STATUS;
        String progress = silent ? null : cleaning.text(beat.progress());
        return authorized(
                "POST",
                task(taskLeaseId) + "/heartbeat",
                new KeeperApi.Heartbeat(beat.fencing(), progress, beat.grant()),
                KeeperApi.Beat.class,
                Duration.ZERO,
                progress != null);
    }

    /**
     * Passes on what a program printed while it had a task.
     *
     * @param permitted nothing is sent unless it says that logs may leave
     */
    public void logs(String taskLeaseId, KeeperApi.TaskLogs logs, Disclosure permitted) {
        if (permitted.logs() != Disclosure.Logs.TRANSMIT) {
            return;
        }
        List<KeeperApi.LogPart> clean = logs.parts().stream()
                .map(part ->
                        new KeeperApi.LogPart(part.at(), part.source(), String.valueOf(cleaning.text(part.text()))))
                .toList();
        authorized(
                "POST",
                task(taskLeaseId) + "/logs",
                new KeeperApi.TaskLogs(logs.fencing(), logs.first(), clean),
                KeeperApi.Accepted.class,
                Duration.ZERO,
                true);
    }

    /**
     * Passes on the end of a task.
     *
     * @param permitted how much of what it says may leave; {@link Disclosure#USUAL} for this runner's own words
     * @param rooms for one task more
     */
    public KeeperApi.Ended result(
            String taskLeaseId, KeeperApi.TaskResult result, Disclosure permitted, List<KeeperApi.Room> rooms) {
        KeeperApi.TaskResult kept = Withholding.apply(result, permitted);
        KeeperApi.TaskResult clean = new KeeperApi.TaskResult(
                kept.fencing(),
                kept.outcome(),
                cleaning.data(kept.result()),
                cleaning.text(kept.error()),
                kept.retry(),
                Reports.fitting(cleaning.texts(kept.report())), // a mask may be longer than what it hides
                kept.commit(),
                kept.withheld(),
                rooms.isEmpty() ? null : rooms);
        return authorized("POST", task(taskLeaseId) + "/result", clean, KeeperApi.Ended.class, Duration.ZERO, true);
    }

    /** Makes the calls of a start at an address where nobody answers. */
    public void train() {
        try {
            serving(new KeeperApi.ServingRequest(List.of(), "", 0, "none"));
        } catch (NightsafeException e) {
            // As expected.
        }
    }

    private KeeperApi.AccessToken token(String assertion) {
        return call(
                open,
                "POST",
                "/v1/token",
                new KeeperApi.TokenRequest(JWT_BEARER, assertion),
                KeeperApi.AccessToken.class,
                Duration.ZERO,
                false);
    }

    /** Tries once more with a new access token when the keeper doesn't know the one we have (it keeps them in memory). */
    private <T> T authorized(
            String method, String path, @Nullable Object body, @Nullable Class<T> type, Duration wait, boolean ofTask) {
        try {
            return call(signedIn, method, path, body, type, wait, ofTask);
        } catch (NightsafeException e) {
            AccessTokens current = tokens;
            if (e.code() != ProblemCode.UNAUTHENTICATED || current == null || e instanceof SignInRefused) {
                throw e;
            }
            current.renew();
            return call(signedIn, method, path, body, type, wait, ofTask);
        }
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // no type: the caller ignores the answer
    private <T> T call(
            ApiClient client,
            String method,
            String path,
            @Nullable Object body,
            @Nullable Class<T> type,
            Duration wait,
            boolean ofTask) {
        byte[] bytes = body == null ? new byte[0] : Json.write(body);
        sent.add(method, path, bytes.length, ofTask ? bytes : null);
        byte[] answer = client.send(method, path, body == null ? null : bytes, wait);
        return type == null ? null : Json.read(answer, type);
    }

    private Optional<String> bearer() {
        AccessTokens current = tokens;
        return current == null ? Optional.empty() : Optional.of(current.current());
    }

    private static String serving(String leaseId) {
        return "/v1/serving/" + ApiClient.segment(leaseId);
    }

    private static String task(String leaseId) {
        return "/v1/task-leases/" + ApiClient.segment(leaseId);
    }

    @Override
    public void close() {
        open.close();
        signedIn.close();
    }
}
