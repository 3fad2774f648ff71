package dev.nightsafe.keeper;

import dev.nightsafe.core.access.Routes;
import dev.nightsafe.core.budget.Shares;
import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.audit.PeerChain;
import dev.nightsafe.database.engine.AuditChain;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Committers;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Databases;
import dev.nightsafe.database.engine.Schema;
import dev.nightsafe.keeper.audit.AuditHeads;
import dev.nightsafe.keeper.audit.AuditTrail;
import dev.nightsafe.keeper.enrolment.AccessTokens;
import dev.nightsafe.keeper.enrolment.Assertions;
import dev.nightsafe.keeper.enrolment.EnrolledRunners;
import dev.nightsafe.keeper.enrolment.Enrolments;
import dev.nightsafe.keeper.grants.Granting;
import dev.nightsafe.keeper.grants.LockRetirement;
import dev.nightsafe.keeper.grants.OpenedBundles;
import dev.nightsafe.keeper.grants.Opening;
import dev.nightsafe.keeper.grants.Origins;
import dev.nightsafe.keeper.grants.Resealing;
import dev.nightsafe.keeper.grants.RuleWatch;
import dev.nightsafe.keeper.internal.InternalRoutes;
import dev.nightsafe.keeper.internal.Releases;
import dev.nightsafe.keeper.internal.RunnerRegister;
import dev.nightsafe.keeper.internal.RunnersOfQueue;
import dev.nightsafe.keeper.keys.DataKeys;
import dev.nightsafe.keeper.keys.KeyRing;
import dev.nightsafe.keeper.keys.Locks;
import dev.nightsafe.keeper.keys.OpeningKeys;
import dev.nightsafe.keeper.keys.Root;
import dev.nightsafe.keeper.keys.VaultErasure;
import dev.nightsafe.keeper.leases.QueueWatch;
import dev.nightsafe.keeper.leases.Serving;
import dev.nightsafe.keeper.leases.ValueWatch;
import dev.nightsafe.keeper.local.LocalSecrets;
import dev.nightsafe.keeper.local.LocalSocket;
import dev.nightsafe.keeper.platform.BodyBudget;
import dev.nightsafe.keeper.platform.HeapLimit;
import dev.nightsafe.keeper.platform.HttpServer;
import dev.nightsafe.keeper.platform.InParallel;
import dev.nightsafe.keeper.platform.ReadDeadlines;
import dev.nightsafe.keeper.platform.Refusals;
import dev.nightsafe.keeper.platform.Router;
import dev.nightsafe.keeper.platform.Seen;
import dev.nightsafe.keeper.platform.Ticker;
import dev.nightsafe.keeper.platform.Waiters;
import dev.nightsafe.keeper.tasks.QueueControl;
import dev.nightsafe.keeper.tasks.TaskLeasing;
import dev.nightsafe.keeper.tasks.TaskLogs;
import dev.nightsafe.keeper.tasks.TaskQueues;
import dev.nightsafe.keeper.tasks.TaskSignals;
import dev.nightsafe.keeper.tasks.TaskSweeper;
import dev.nightsafe.protocol.link.Link;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** A running keeper: makes every part, starts what listens, and stops it all in reverse. */
final class Keeper implements AutoCloseable {
    private static final Duration HEADER = Duration.ofSeconds(10);
    private static final Duration BODY = Duration.ofSeconds(30);
    /** The JDK's client keeps idle connections for 30 s. */
    private static final Duration SILENCE = Duration.ofSeconds(45);

    /** Parsing takes several times as much; most of the heap's 640 MB is for connections. One runner may have half. */
    private static final int RUNNERS_BODIES = 16 << 20;

    private static final int CONSOLES_BODIES = 16 << 20;

    /** Parked polls too. An eighth of all: a runner has two of them, its workers a request for a moment; seven runners can't shut the eighth out. */
    private static final int REQUESTS_OF_ONE = HttpServer.MAX_CONNECTIONS / 8;

    /** Opening is the keeper's dearest work: what is more at once only waits for a processor. */
    private static final int GRANTS_OF_ONE = 16;

    private static final int GRANTS = 64;

    /** Thousands of workers may come at once, and waiting is cheap for both: runners wait 30 s for an answer. */
    private static final Duration GRANT_PATIENCE = Duration.ofSeconds(20);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final HttpServer server;
    private final Root root;
    private final KeyRing ring;
    private final Waiters waiters;
    private final Router runners;
    private final Router internal;

    /**
     * Starts a keeper.
     *
     * @param tick how often expired leases are taken back and the console's tables looked at
     * @throws dev.nightsafe.keeper.keys.WrongMasterKey then nothing is left running
     */
    static Keeper start(KeeperSettings settings, InstantSource clock, Duration tick) {
        return new Keeper(settings, clock, tick);
    }

    private Keeper(KeeperSettings settings, InstantSource clock, Duration tick) {
        try {
            Path folder = KeyFile.folder(settings.folder());
            SSLContext link = Link.serverContext(folder);
            Database database = part(Databases.open(settings.database(), Schema.KEEPER));
            AuditChain chain = new AuditChain("keeper", auditKey(folder));
            Committer committer = part(Committers.start(database, chain, clock));
            Database keysDatabase = part(Databases.open(settings.keysDatabase(), Schema.KEYS));
            Committer keysCommitter = part(Committers.startWithoutAudit(keysDatabase, clock));
            Database console = part(Databases.openReadOnly(settings.consoleDatabase(), Schema.CONSOLE));
            DataKeys dataKeys = part(DataKeys.open(folder.resolve("data.keys")));
            Mac mac = part(new Mac(KeyFile.read(folder.resolve("deposit.key"))));
            root = Root.open(keysDatabase, keysCommitter, dataKeys, folder);
            Mac rows = part(dataKeys.rows());
            Origins origins = new Origins(rows);
            ring = part(KeyRing.open(keysDatabase, keysCommitter, settings.masterKeys()));
            OpeningKeys openingKeys = new OpeningKeys(keysDatabase, keysCommitter, ring, root);
            Opening opening = new Opening(openingKeys, mac);

            Ticker ticker = part(new Ticker(tick));
            waiters = new Waiters();
            Seen seen = new Seen();
            Refusals refusals = new Refusals(committer, clock);
            Enrolments enrolments = new Enrolments(committer, root, rows, refusals, clock);
            EnrolledRunners enrolled = new EnrolledRunners(database, rows, refusals);
            AccessTokens tokens = new AccessTokens(
                    enrolled, new Assertions(enrolled, refusals, root.fingerprint(), seen, clock), clock);
            QueueWatch watch = new QueueWatch(console, waiters);
            ValueWatch values = new ValueWatch(console, watch, waiters);
            PeerChain consoleChain = new PeerChain("console/1", folder, chain, database, committer);
            AuditHeads heads = new AuditHeads(chain, consoleChain, root, clock);
            Serving serving = new Serving(
                    database, committer, root, watch, values, waiters, heads, clock, settings.servingLease());
            TaskSignals signals = new TaskSignals(waiters);
            TaskQueues tasks = new TaskQueues(database, committer, dataKeys, signals, clock);
            TaskLeasing leasing =
                    new TaskLeasing(database, committer, root, dataKeys, signals, clock, settings.lease());
            TaskLogs logs = new TaskLogs(database, committer, dataKeys, clock);
            OpenedBundles opened = part(new OpenedBundles(opening::open, clock));
            Shares grants = new Shares("grants", GRANTS_OF_ONE, GRANTS, GRANT_PATIENCE);
            Granting granting = new Granting(
                    database, console, committer, opened, mac, origins, root, refusals, seen, grants, clock);
            RunnerRegister register = new RunnerRegister(
                    database, committer, rows, tokens, serving, signals, clock, settings.servingLease());

            QueueControl queues = new QueueControl(database, console, committer, signals, serving, clock);
            ReadDeadlines deadlines = new ReadDeadlines(HEADER, BODY, SILENCE);
            Shares requests = new Shares("requests", REQUESTS_OF_ONE, HttpServer.MAX_CONNECTIONS, Duration.ZERO);
            runners = new Router(
                    Routes.KEEPER,
                    new RunnerRoutes(root, enrolments, tokens, serving, granting, leasing, logs, signals).handlers(),
                    tokens,
                    deadlines,
                    new Router.Budgets(new BodyBudget(RUNNERS_BODIES / 2, RUNNERS_BODIES, PATIENCE), requests));
            internal = new Router(
                    Routes.INTERNAL,
                    new InternalRoutes(
                                    ring,
                                    root,
                                    new Locks(keysDatabase, keysCommitter, committer, ring, root, openingKeys, clock),
                                    new VaultErasure(console, committer, keysCommitter),
                                    new LockRetirement(
                                            keysDatabase,
                                            keysCommitter,
                                            committer,
                                            console,
                                            openingKeys,
                                            opening,
                                            opened::forget),
                                    new Resealing(
                                            console,
                                            committer,
                                            opening,
                                            openingKeys,
                                            origins,
                                            part(new InParallel("resealing"))),
                                    new Releases(database),
                                    tasks,
                                    logs,
                                    queues,
                                    enrolments,
                                    register,
                                    new AuditTrail(database, chain),
                                    heads,
                                    watch,
                                    values,
                                    new RunnersOfQueue(database, console, watch, rows, clock))
                            .handlers(),
                    tokens,
                    deadlines,
                    new Router.Budgets(new BodyBudget(CONSOLES_BODIES, CONSOLES_BODIES, PATIENCE), requests));
            TaskSweeper sweeper = new TaskSweeper(database, committer, signals, clock);
            ticker.add("taking back expired leases", sweeper::sweep);
            ticker.add("looking for changed queues", watch::refresh);
            ticker.add("looking for new values", values::refresh);
            ticker.add("looking for changed release rules", new RuleWatch(console, committer, mac)::refresh);
            ticker.add("forgetting pauses of deleted queues", queues::forgetDeleted);
            ticker.add("looking for new heads of audit chains", heads::refresh);
            ticker.add("closing slow connections", deadlines::closeOverdue);
            ticker.add("forgetting what expired", () -> {
                seen.forget(clock.millis());
                tokens.forgetExpired();
            });
            ticker.add("wiping opened bundles", opened::forgetExpired);
            ticker.add("keeping the heap near what is in use", new HeapLimit()::hold);
            part(LocalSocket.start(
                    folder.resolve("local.sock"), new LocalSecrets(console, committer, opening), openingKeys));
            server = part(new HttpServer(
                    runners,
                    settings.listen(),
                    settings.tlsCertificate() == null || settings.tlsKey() == null
                            ? null
                            : ServerTls.context(settings.tlsCertificate(), settings.tlsKey()),
                    internal,
                    settings.internalListen(),
                    link,
                    deadlines));
            // Last in, first out: parked polls end before their listener does.
            part(waiters);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /** Where runners find it. */
    int port() {
        return server.port();
    }

    /** Where the console finds it. */
    int internalPort() {
        return server.internalPort();
    }

    String rootFingerprint() {
        return root.fingerprint();
    }

    /** Why vaults are disabled; empty when they are enabled. */
    String vaultsDisabled() {
        return ring.reason();
    }

    /** What polls wait for now. */
    Set<String> waitedFor() {
        return waiters.keys();
    }

    /** The routes of both listeners, for the test that walks them. */
    Router runners() {
        return runners;
    }

    Router internal() {
        return internal;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.removeLast();
            try {
                part.close();
            } catch (Exception e) {
                System.getLogger(Keeper.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "stopping " + part.getClass().getSimpleName(),
                                e);
            }
        }
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.addLast(part);
        return part;
    }

    private static Ed25519.Signer auditKey(Path folder) {
        try (SecretBytes key = KeyFile.readOrCreate(folder.resolve("audit.key"), Ed25519::newPrivateKey)) {
            return new Ed25519.Signer(key);
        }
    }
}
