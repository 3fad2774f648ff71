package dev.nightsafe.keeper;

import dev.nightsafe.keeper.enrolment.AccessTokens;
import dev.nightsafe.keeper.enrolment.Enrolments;
import dev.nightsafe.keeper.grants.Granting;
import dev.nightsafe.keeper.keys.Root;
import dev.nightsafe.keeper.leases.Serving;
import dev.nightsafe.keeper.platform.Answering;
import dev.nightsafe.keeper.tasks.TaskLeasing;
import dev.nightsafe.keeper.tasks.TaskLogs;
import dev.nightsafe.keeper.tasks.TaskSignals;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.util.Map;

/** The runners' API, {@code spec/keeper-api.yaml}: which feature answers which route. */
record RunnerRoutes(
        Root root,
        Enrolments enrolments,
        AccessTokens tokens,
        Serving serving,
        Granting granting,
        TaskLeasing leasing,
        TaskLogs logs,
        TaskSignals signals) {
    private static final String LEASE = "lease";

    /** By method and path, as in the permission table. */
    Map<String, Answering> handlers() {
        return Map.ofEntries(
                anyone("GET /v1/health", call -> Map.of("status", "ok")),
                anyone("GET /v1/root", call -> new KeeperApi.Root(root.publicKey(), root.fingerprint())),
                anyone("POST /v1/enrolments", call -> enrolments.enrol(call.body(KeeperApi.NewEnrolment.class))),
                anyone("POST /v1/token", call -> tokens.issue(call.body(KeeperApi.TokenRequest.class))),
                runner(
                        "POST /v1/serving",
                        (call, runner) -> serving.poll(runner, call.body(KeeperApi.ServingRequest.class))),
                runner("DELETE /v1/serving/{lease}", (call, runner) -> {
                    serving.giveBack(runner, call.path(LEASE), signals::moved);
                    return null;
                }),
                runner(
                        "POST /v1/serving/{lease}/grants",
                        (call, runner) ->
                                granting.grant(runner, call.path(LEASE), call.body(KeeperApi.GrantRequest.class))),
                Map.entry("POST /v1/task-leases", (Answering.ForCaller)
                        (call, caller) -> leasing.take(caller, call.body(KeeperApi.TaskLeaseRequest.class))),
                runner(
                        "POST /v1/task-leases/{lease}/heartbeat",
                        (call, runner) ->
                                leasing.heartbeat(runner, call.path(LEASE), call.body(KeeperApi.Heartbeat.class))),
                runner(
                        "POST /v1/task-leases/{lease}/logs",
                        (call, runner) -> logs.add(runner, call.path(LEASE), call.body(KeeperApi.TaskLogs.class))),
                runner(
                        "POST /v1/task-leases/{lease}/result",
                        (call, runner) ->
                                leasing.result(runner, call.path(LEASE), call.body(KeeperApi.TaskResult.class))));
    }

    private static Map.Entry<String, Answering> anyone(String route, Answering.Anyone answering) {
        return Map.entry(route, answering);
    }

    private static Map.Entry<String, Answering> runner(String route, Answering.ForRunner answering) {
        return Map.entry(route, answering);
    }
}
