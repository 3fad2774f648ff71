package dev.nightsafe.runner.code;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Message;
import dev.nightsafe.runner.isolation.Cell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the virtual environment of a program: with uv when it is on the PATH, else with {@code python -m venv} and pip,
 * from {@code requirements.txt} or, where there is a {@code poetry.lock}, with poetry. It is kept under the hash of what
 * it was made from, so that the next start has it at once. Our own package {@code nightsafe} is always in it; without
 * either file nothing else is, and no pip.
 */
public final class VirtualEnvironment {
    private static final Duration TIME = Duration.ofMinutes(15);
    private static final List<String> DECIDING = List.of("requirements.txt", "poetry.lock", "pyproject.toml");

    private final SetupStep step;
    private final Cell cell;
    private final Path folder;
    private final @Nullable Path uv;

    /**
     * @param folder the queue's folder for environments, which the cell may write
     * @param uv null when it isn't installed
     */
    public VirtualEnvironment(SetupStep step, Cell cell, Path folder, @Nullable Path uv) {
        this.step = step;
        this.cell = cell;
        this.folder = folder;
        this.uv = uv;
    }

    /**
     * The environment's folder.
     *
     * @throws NightsafeException when something can't be installed
     */
    public Path prepare(Code code) throws InterruptedException {
        Path environment = folder.resolve(key(code));
        Path complete = environment.resolve(".nightsafe-complete");
        if (Files.exists(complete)) {
            return environment;
        }
        require(run(code, "rm", "-rf", environment.toString()), "remove what was left of the last try");
        make(code, environment);
        require(run(code, "touch", complete.toString()), "finish");
        return environment;
    }

    private void make(Code code, Path environment) throws InterruptedException {
        boolean requirements = Files.isRegularFile(code.folder().resolve("requirements.txt"));
        boolean poetry = !requirements && Files.isRegularFile(code.folder().resolve("poetry.lock"));
        if (uv != null) {
            require(
                    run(code, uv.toString(), "venv", "--quiet", "--python", python(), environment.toString()),
                    "make a virtual environment with uv");
        } else {
            List<String> venv = new ArrayList<>(List.of(python(), "-I", "-m", "venv"));
            if (!requirements && !poetry) {
                venv.add("--without-pip");
            }
            venv.add(environment.toString());
            require(
                    run(code, venv.toArray(String[]::new)),
                    "make a virtual environment; does " + python() + " have the venv module (Debian: python3-venv)?");
        }
        installSdk(code, environment);
        if (requirements) {
            installRequirements(code, environment);
        } else if (poetry) {
            installWithPoetry(code, environment);
        }
    }

    private void installSdk(Code code, Path environment) throws InterruptedException {
        List<String> command = List.of(environment.resolve("bin/python").toString(), "-I", "-c", PythonSdk.UNPACK);
        try (SecretBytes sdk = PythonSdk.zip()) {
            SetupStep.Call call = new SetupStep.Call("setup", command, code.folder(), Map.of(), null, sdk, TIME);
            require(step.run(cell, call), "put the nightsafe package into the virtual environment");
        }
    }

    private void installRequirements(Code code, Path environment) throws InterruptedException {
        String python = environment.resolve("bin/python").toString();
        SetupStep.Outcome outcome = uv != null
                ? run(code, uv.toString(), "pip", "install", "--quiet", "--python", python, "-r", "requirements.txt")
                : run(
                        code,
                        python,
                        "-I",
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--no-input",
                        "--disable-pip-version-check",
                        "-r",
                        "requirements.txt");
        require(outcome, "install requirements.txt");
    }

    private void installWithPoetry(Code code, Path environment) throws InterruptedException {
        List<String> command = List.of("poetry", "install", "--no-root", "--no-interaction", "--quiet");
        String path = environment.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin";
        Map<String, String> variables = Map.of("VIRTUAL_ENV", environment.toString(), "PATH", path);
        SetupStep.Outcome outcome =
                step.run(cell, new SetupStep.Call("setup", command, code.folder(), variables, null, null, TIME));
        if (outcome.exit() == 127) {
            throw failure("this program has a poetry.lock but poetry isn't installed here; install it, or add a"
                    + " requirements.txt (poetry export)");
        }
        require(outcome, "install with poetry");
    }

    private SetupStep.Outcome run(Code code, String... command) throws InterruptedException {
        return step.run(cell, new SetupStep.Call("setup", List.of(command), code.folder(), Map.of(), null, null, TIME));
    }

    private String python() {
        return step.python().toString();
    }

    private String key(Code code) {
        try {
            Message made = Message.of("nightsafe/venv/1")
                    .add(step.python().toRealPath().toString())
                    .add(uv == null ? "pip" : "uv")
                    .add(PythonSdk.digest());
            for (String name : DECIDING) {
                Path file = code.folder().resolve(name);
                made.add(name).add(Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0]);
                if (name.equals("requirements.txt") && Files.isRegularFile(file) && namesFiles(file)) {
                    addState(made, code);
                }
            }
            return Digests.sha256Hex(made.bytes()).substring(0, 32);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + code.folder(), e);
        }
    }

    /** True when the requirements lie in other files of the program, which then decide too. */
    private static boolean namesFiles(Path requirements) throws IOException {
        try (Stream<String> lines = Files.lines(requirements, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.matches("\\s*(-[rce]|--(requirement|constraint|editable)|[./]|file:).*")
                    || line.contains("@ file:"));
        }
    }

    private static void addState(Message made, Code code) throws IOException {
        if (code.commit() != null) {
            made.add(code.commit());
            return;
        }
        try (Stream<Path> files = Files.walk(code.folder())) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                made.add(file.toString())
                        .add(Files.size(file))
                        .add(Files.getLastModifiedTime(file).toMillis());
            }
        }
    }

    private static void require(SetupStep.Outcome outcome, String what) {
        if (outcome.timedOut()) {
            throw failure("can't " + what + " within " + TIME.toMinutes()
                    + " minutes; is the package index reachable from here?");
        }
        if (!outcome.succeeded()) {
            throw failure("can't " + what + " (exit status " + outcome.exit()
                    + "); `nightsafe runner logs` shows what was said");
        }
    }

    private static NightsafeException failure(String message) {
        return new NightsafeException(ProblemCode.BAD_REQUEST, message);
    }

    /** Removes environments other than the one in use. */
    public void keepOnly(Path current) throws InterruptedException {
        step.remove(cell, folder, name -> !name.equals(current.getFileName().toString()));
    }
}
