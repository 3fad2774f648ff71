package dev.nightsafe.core.access;

import static dev.nightsafe.core.access.Permission.AUDIT_READ;
import static dev.nightsafe.core.access.Permission.QUEUE_EDIT;
import static dev.nightsafe.core.access.Permission.QUEUE_READ;
import static dev.nightsafe.core.access.Permission.RUNNER_MANAGE;
import static dev.nightsafe.core.access.Permission.RUNNER_READ;
import static dev.nightsafe.core.access.Permission.SECRET_DEPOSIT;
import static dev.nightsafe.core.access.Permission.TASK_READ;
import static dev.nightsafe.core.access.Permission.TASK_SUBMIT;
import static dev.nightsafe.core.access.Permission.TOKEN_MANAGE;
import static dev.nightsafe.core.access.Permission.VAULT_EDIT;
import static dev.nightsafe.core.access.Permission.VAULT_READ;
import static dev.nightsafe.core.access.Permission.VAULT_RELEASE;
import static dev.nightsafe.core.access.Permission.WORKSPACE_CREATE;

import dev.nightsafe.core.access.Route.Server;
import java.util.List;
import java.util.stream.Stream;

/**
 * The permission table: every route of every listener. A server answers no route that isn't here, and a test walks both
 * servers to see that none is missing on either side.
 */
public final class Routes {
    private static final String WORKSPACE = "/api/v1/workspaces/{workspace}";

    /** People and automation; see {@code spec/console-api.yaml}. */
    public static final List<Route> CONSOLE = List.of(
            open("GET", "/api/v1/health"),
            open("GET", "/api/v1/openapi.yaml"),
            signedIn("GET", "/api/v1/status"),
            signedIn("GET", "/api/v1/whoami"),
            signedIn("GET", "/api/v1/workspaces"),
            console("POST", "/api/v1/workspaces", WORKSPACE_CREATE),
            console("GET", WORKSPACE + "/vaults", VAULT_READ),
            console("POST", WORKSPACE + "/vaults", VAULT_EDIT),
            console("GET", WORKSPACE + "/vaults/{vault}", VAULT_READ),
            console("DELETE", WORKSPACE + "/vaults/{vault}", VAULT_EDIT),
            console("PUT", WORKSPACE + "/vaults/{vault}/keeping", VAULT_EDIT),
            console("GET", WORKSPACE + "/vaults/{vault}/rekey", VAULT_READ),
            console("POST", WORKSPACE + "/vaults/{vault}/rekey", VAULT_EDIT),
            console("GET", WORKSPACE + "/vaults/{vault}/secrets/{key}/lock", SECRET_DEPOSIT),
            console("PUT", WORKSPACE + "/vaults/{vault}/secrets/{key}", SECRET_DEPOSIT),
            console("DELETE", WORKSPACE + "/vaults/{vault}/secrets/{key}", SECRET_DEPOSIT),
            console("GET", WORKSPACE + "/vaults/{vault}/secrets/{key}/versions", VAULT_READ),
            console("DELETE", WORKSPACE + "/vaults/{vault}/secrets/{key}/versions/{version}", SECRET_DEPOSIT),
            console("POST", WORKSPACE + "/vaults/{vault}/secrets/{key}/versions/{version}/restore", SECRET_DEPOSIT),
            console("GET", WORKSPACE + "/vaults/{vault}/secrets/{key}/releases", VAULT_READ, AUDIT_READ),
            console("POST", WORKSPACE + "/vaults/{vault}/release-rules", VAULT_RELEASE),
            console("DELETE", WORKSPACE + "/vaults/{vault}/release-rules/{rule}", VAULT_RELEASE),
            console("PUT", WORKSPACE + "/vaults/{vault}/floor", VAULT_RELEASE),
            console("GET", WORKSPACE + "/queues", QUEUE_READ),
            console("GET", WORKSPACE + "/queues/{queue}", QUEUE_READ),
            console("PUT", WORKSPACE + "/queues/{queue}", QUEUE_EDIT),
            console("DELETE", WORKSPACE + "/queues/{queue}", QUEUE_EDIT),
            console("GET", WORKSPACE + "/queues/{queue}/activity", QUEUE_READ),
            console("GET", WORKSPACE + "/queues/{queue}/check", QUEUE_READ),
            console("POST", WORKSPACE + "/queues/{queue}/pause", QUEUE_EDIT),
            console("POST", WORKSPACE + "/queues/{queue}/resume", QUEUE_EDIT),
            console("POST", WORKSPACE + "/queues/{queue}/restart", QUEUE_EDIT),
            console("POST", WORKSPACE + "/queues/{queue}/tasks", TASK_SUBMIT),
            console("POST", WORKSPACE + "/queues/{queue}/task-batches", TASK_SUBMIT),
            console("GET", WORKSPACE + "/tasks", TASK_READ),
            console("GET", WORKSPACE + "/tasks/{task}", TASK_READ),
            console("GET", WORKSPACE + "/tasks/{task}/events", TASK_READ),
            console("GET", WORKSPACE + "/tasks/{task}/logs", TASK_READ),
            console("POST", WORKSPACE + "/tasks/{task}/cancel", TASK_SUBMIT),
            console("POST", WORKSPACE + "/tasks/{task}/retry", TASK_SUBMIT),
            console("GET", WORKSPACE + "/runners", RUNNER_READ),
            console("GET", WORKSPACE + "/runners/{runner}", RUNNER_READ),
            console("POST", WORKSPACE + "/runners/{runner}/revoke", RUNNER_MANAGE),
            console("POST", WORKSPACE + "/enrolment-tokens", RUNNER_MANAGE, VAULT_RELEASE),
            console("GET", WORKSPACE + "/tokens", TOKEN_MANAGE),
            console("POST", WORKSPACE + "/tokens", TOKEN_MANAGE),
            console("DELETE", WORKSPACE + "/tokens/{token}", TOKEN_MANAGE),
            console("GET", WORKSPACE + "/audit", AUDIT_READ),
            console("GET", WORKSPACE + "/audit/verification", AUDIT_READ),
            console("GET", WORKSPACE + "/audit/export", AUDIT_READ));

    /** Runners; see {@code spec/keeper-api.yaml}. */
    public static final List<Route> KEEPER = List.of(
            new Route(Server.KEEPER, "GET", "/v1/health", new Gate.Open()),
            new Route(Server.KEEPER, "GET", "/v1/root", new Gate.Open()),
            new Route(Server.KEEPER, "POST", "/v1/enrolments", new Gate.EnrolmentToken()),
            new Route(Server.KEEPER, "POST", "/v1/token", new Gate.Assertion()),
            runner("POST", "/v1/serving"),
            runner("DELETE", "/v1/serving/{lease}"),
            runner("POST", "/v1/serving/{lease}/grants"),
            runner("POST", "/v1/task-leases"),
            runner("POST", "/v1/task-leases/{lease}/heartbeat"),
            runner("POST", "/v1/task-leases/{lease}/logs"),
            runner("POST", "/v1/task-leases/{lease}/result"));

    /** Console to keeper; see {@code spec/keeper-internal.yaml}. */
    public static final List<Route> INTERNAL = List.of(
            internal("GET", "/internal/v1/status"),
            internal("POST", "/internal/v1/locks"),
            internal("POST", "/internal/v1/vaults/{vault}/erase"),
            internal("POST", "/internal/v1/vaults/{vault}/reseal"),
            internal("POST", "/internal/v1/vaults/{vault}/retire"),
            internal("GET", "/internal/v1/vaults/{vault}/releases"),
            internal("POST", "/internal/v1/new-values"),
            internal("POST", "/internal/v1/queues/{queue}/cancel"),
            internal("POST", "/internal/v1/tasks"),
            internal("GET", "/internal/v1/tasks"),
            internal("GET", "/internal/v1/tasks/{task}"),
            internal("GET", "/internal/v1/tasks/{task}/changes"),
            internal("GET", "/internal/v1/tasks/{task}/logs"),
            internal("POST", "/internal/v1/tasks/{task}/cancel"),
            internal("POST", "/internal/v1/tasks/{task}/retry"),
            internal("GET", "/internal/v1/queues/{queue}"),
            internal("GET", "/internal/v1/queues/{queue}/runners"),
            internal("POST", "/internal/v1/queues/{queue}/pause"),
            internal("POST", "/internal/v1/queues/{queue}/resume"),
            internal("POST", "/internal/v1/queues/{queue}/restart"),
            internal("POST", "/internal/v1/enrolment-tokens"),
            internal("GET", "/internal/v1/runners"),
            internal("GET", "/internal/v1/runners/{runner}"),
            internal("POST", "/internal/v1/runners/{runner}/revoke"),
            internal("GET", "/internal/v1/audit"),
            internal("GET", "/internal/v1/audit/verification"),
            internal("GET", "/internal/v1/audit/export"),
            internal("GET", "/internal/v1/audit/heads"),
            internal("POST", "/internal/v1/audit/heads"));

    private Routes() {}

    /** Every route of every listener. */
    public static List<Route> all() {
        return Stream.of(CONSOLE, KEEPER, INTERNAL).flatMap(List::stream).toList();
    }

    private static Route open(String method, String path) {
        return new Route(Server.CONSOLE, method, path, new Gate.Open());
    }

    private static Route signedIn(String method, String path) {
        return new Route(Server.CONSOLE, method, path, new Gate.SignedIn());
    }

    private static Route console(String method, String path, Permission... permissions) {
        return new Route(Server.CONSOLE, method, path, new Gate.Needs(List.of(permissions)));
    }

    private static Route runner(String method, String path) {
        return new Route(Server.KEEPER, method, path, new Gate.Runner());
    }

    private static Route internal(String method, String path) {
        return new Route(Server.INTERNAL, method, path, new Gate.Console());
    }
}
