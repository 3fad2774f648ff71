package dev.nightsafe.runner.code;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Message;
import dev.nightsafe.runner.isolation.Cell;
import dev.nightsafe.runner.isolation.Isolation;
import dev.nightsafe.runner.local.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the virtual environment of a program: with uv when it is on the PATH, else with {@code python -m venv} and pip,
 * from {@code requirements.txt} or, where there is a {@code poetry.lock}, with poetry. Our own SDKs are always in it;
 * without either file nothing else is, and no pip.
 *
 * <p>Installing runs code of the repository that nobody may have consented to (I3). So each environment belongs to one
 * commit under one deployment, is made by an identity that nothing else has, from a copy of the code, and is sealed when
 * that identity has no process left. The runner notes beside it that it is complete; what isn't is thrown away.
 */
public final class VirtualEnvironment {
    private static final Duration TIME = Duration.ofMinutes(15);
    private static final String PREFIX = "environment-";

    private final SetupStep step;
    private final Isolation isolation;
    private final Path area;
    private final @Nullable Path uv;

    /**
     * @param area the queue's folder, which only the runner writes
     * @param uv null when it isn't installed
     */
    public VirtualEnvironment(SetupStep step, Isolation isolation, Path area, @Nullable Path uv) {
        this.step = step;
        this.isolation = isolation;
        this.area = area;
        this.uv = uv;
    }

    /** What was installed: the environment, and the code that it was installed from. */
    public record Installed(Path folder) {
        /** The virtual environment. */
        public Path environment() {
            return folder.resolve("venv");
        }

        private Path source() {
            return folder.resolve("source");
        }
    }

    /**
     * The environment; others of this queue are deleted.
     *
     * @param deployment its digest
     * @throws NightsafeException when something can't be installed
     */
    public Installed prepare(Code code, String deployment) throws InterruptedException {
        String name = PREFIX + key(code, deployment);
        Path complete = area.resolve(name + ".complete");
        Installed installed = new Installed(area.resolve(name));
        if (!Files.exists(complete) || !Files.isDirectory(installed.folder())) {
            keepOnly(List.of());
            install(code, installed);
            KeyFile.write(complete, new byte[0]);
        }
        keepOnly(List.of(installed.folder(), complete));
        return installed;
    }

    private void install(Code code, Installed installed) throws InterruptedException {
        try (Cell cell =
                isolation.cell(area, Isolation.Tenant.SETUP, List.of(code.folder()), List.of(installed.folder()))) {
            new Installation(step, cell, uv, installed.environment(), TIME).make(source(cell, code, installed));
        }
        isolation.seal(area, installed.folder());
    }

    /** Build steps write where they build, which the checkout doesn't allow. A folder of this machine is its owner's. */
    private Code source(Cell cell, Code code, Installed installed) throws InterruptedException {
        if (code.commit() == null || !Installation.isNeeded(code)) {
            return code;
        }
        Path source = installed.source();
        List<String> copy = List.of("cp", "-R", "-P", code.folder().toString(), source.toString());
        SetupStep.Outcome outcome =
                step.run(cell, new SetupStep.Call("setup", copy, code.folder(), Map.of(), null, null, TIME));
        if (!outcome.succeeded()) {
            throw new NightsafeException(
                    ProblemCode.BAD_REQUEST, "can't copy the code to install from; is the disk full?");
        }
        return new Code(source, code.commit());
    }

    private String key(Code code, String deployment) {
        try {
            Message made = Message.of("nightsafe/venv/2")
                    .add(isolation.name())
                    .add(deployment)
                    .add(step.python().toRealPath().toString())
                    .add(uv == null ? "pip" : "uv")
                    .add(Sdks.digest());
            Ingredients.addTo(made, code);
            return Digests.sha256Hex(made.bytes()).substring(0, 32);
        } catch (IOException e) {
            throw new UncheckedIOException("can't find " + step.python(), e);
        }
    }

    private void keepOnly(List<Path> kept) {
        try (Stream<Path> entries = Files.list(area)) {
            entries.filter(entry -> entry.getFileName().toString().startsWith(PREFIX))
                    .filter(entry -> !kept.contains(entry))
                    .sorted(Comparator.reverseOrder()) // the note of completeness before what it is about
                    .toList()
                    .forEach(this::discard);
        } catch (IOException e) {
            throw new UncheckedIOException("can't list " + area, e);
        }
    }

    private void discard(Path entry) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            isolation.discard(entry);
        } else {
            PrivateFiles.delete(entry);
        }
    }
}
