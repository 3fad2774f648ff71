package dev.nightsafe.runner.workers;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.protocol.keeper.GrantBundle;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.runner.code.Checkout;
import dev.nightsafe.runner.code.Code;
import dev.nightsafe.runner.code.SetupStep;
import dev.nightsafe.runner.code.VirtualEnvironment;
import dev.nightsafe.runner.isolation.Cell;
import dev.nightsafe.runner.local.WorkerLog;
import dev.nightsafe.runner.outbound.Redactor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes a deployment ready to start workers: its code, its virtual environment. Without the workers' secrets. */
final class Bootstrap {
    private final Machine machine;
    private final KeeperApi.ServingLease lease;
    private final Grants grants;
    private final WorkerLog log;

    Bootstrap(Machine machine, KeeperApi.ServingLease lease, Grants grants, WorkerLog log) {
        this.machine = machine;
        this.lease = lease;
        this.grants = grants;
        this.log = log;
    }

    /** Throws {@link NightsafeException} saying what can't be had and what to do. */
    WorkerStarter prepare() throws InterruptedException {
        Deployment deployment = ServedQueue.deployment(lease);
        Path area = machine.workersFolder().resolve(lease.queueId());
        Path codeFolder = area.resolve("code");
        Path environments = area.resolve("venv");
        List<Path> sources = sources(deployment);
        try (Cell cell = machine.isolation().cell(area, 0, sources, List.of(codeFolder, environments))) {
            SetupStep step = new SetupStep(machine.spawner(), machine.environment(), log);
            Checkout checkout = new Checkout(step, cell, area, codeFolder);
            Code code = fetch(checkout, deployment);
            checkout.keepOnly(code);
            VirtualEnvironment virtual = new VirtualEnvironment(step, cell, environments, machine.uv());
            Path environment = virtual.prepare(code);
            virtual.keepOnly(environment);
            return new WorkerStarter(
                    deployment,
                    code,
                    environment,
                    area,
                    () -> grants.obtain(Grants.WORKER, code.commit()),
                    machine.isolation(),
                    machine.spawner(),
                    machine.environment(),
                    machine.known(),
                    log,
                    machine.timings());
        }
    }

    private Code fetch(Checkout checkout, Deployment deployment) throws InterruptedException {
        if (deployment.gitToken() == null) {
            return checkout.fetch(deployment, null);
        }
        try (GrantBundle bundle = grants.obtain(Grants.GIT, null)) {
            SecretBytes token = token(deployment.gitToken(), bundle);
            Redactor redactor = machine.known().learn(Redactor.of(List.of(token)));
            try {
                return checkout.fetch(deployment, token);
            } finally {
                machine.known().forget(redactor);
            }
        }
    }

    private static SecretBytes token(Deployment.KeyRef wanted, GrantBundle bundle) {
        return bundle.entries().stream()
                .filter(entry -> entry.key().equals(wanted.key())
                        && entry.vault().equals(wanted.vault().name()))
                .map(GrantBundle.Entry::value)
                .findFirst()
                .orElseThrow(() -> new NightsafeException(
                        ProblemCode.NOT_FOUND,
                        "vault '" + wanted.vault().name() + "' has no '" + wanted.key()
                                + "', which git_token names; deposit it"));
    }

    /** What git or the installers read of this machine: a local folder or repository. */
    private static List<Path> sources(Deployment deployment) {
        Path local = Checkout.localFolder(deployment);
        if (local == null) {
            String url = deployment.gitUrl();
            local = Path.of(url.startsWith("file://") ? url.substring(7) : url.startsWith("/") ? url : "/nonexistent");
        }
        return Files.isDirectory(local) ? List.of(local) : List.of();
    }
}
