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
import dev.nightsafe.runner.isolation.Isolation;
import dev.nightsafe.runner.local.WorkerLog;
import dev.nightsafe.runner.outbound.Redactor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Makes a deployment ready to start workers: its code, its virtual environment. Without the workers' secrets. */
final class Bootstrap {
    private final Machine machine;
    private final KeeperApi.ServingLease lease;
    private final Grants grants;
    private final WorkerLog log;
    private final NewValues news;

    Bootstrap(Machine machine, KeeperApi.ServingLease lease, Grants grants, WorkerLog log, NewValues news) {
        this.machine = machine;
        this.lease = lease;
        this.grants = grants;
        this.log = log;
        this.news = news;
    }

    /** Throws {@link NightsafeException} saying what can't be had and what to do. */
    WorkerStarter prepare() throws InterruptedException {
        Deployment deployment = ServedQueue.deployment(lease);
        Path area = machine.workersFolder().resolve(lease.queueId());
        discardCells(area);
        SetupStep step = new SetupStep(machine.spawner(), machine.environment(), log);
        Code code = checkOut(step, area, deployment);
        VirtualEnvironment.Installed installed = new VirtualEnvironment(step, machine.isolation(), area, machine.uv())
                .prepare(code, deployment.digest());
        return new WorkerStarter(
                deployment,
                deployment.disclosure().within(machine.config().allow().disclosure()),
                code,
                installed,
                area,
                valuesOf -> grants.obtain(Grants.WORKER, code.commit(), valuesOf),
                machine.isolation(),
                machine.spawner(),
                machine.environment(),
                machine.known(),
                log,
                machine.timings(),
                news);
    }

    /** A runner that was killed closed none of its cells. */
    private void discardCells(Path area) {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(area, Cell.PREFIX + "*")) {
            left.forEach(machine.isolation()::discard);
        } catch (NoSuchFileException e) {
            // The first bootstrap of this queue.
        } catch (IOException e) {
            throw new UncheckedIOException("can't list " + area, e);
        }
    }

    /** With an identity that nothing but git has, so that nothing that setup or workers run can change what is there. */
    private Code checkOut(SetupStep step, Path area, Deployment deployment) throws InterruptedException {
        Path folder = area.resolve("git");
        try (Cell cell = machine.isolation().cell(area, Isolation.Tenant.GIT, sources(deployment), List.of(folder))) {
            return fetch(new Checkout(step, cell, area, folder), deployment);
        }
    }

    private Code fetch(Checkout checkout, Deployment deployment) throws InterruptedException {
        if (deployment.gitToken() == null) {
            return checkout.fetch(deployment, null);
        }
        try (GrantBundle bundle = grants.obtain(Grants.GIT, null, null).bundle()) {
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
