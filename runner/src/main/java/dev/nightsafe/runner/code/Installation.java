package dev.nightsafe.runner.code;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.runner.isolation.Cell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of the installers, into an empty folder. */
record Installation(SetupStep step, Cell cell, @Nullable Path uv, Path environment, Duration time) {
    /** True when the program asks for packages. */
    static boolean isNeeded(Code code) {
        return Ingredients.has(code, Ingredients.REQUIREMENTS) || Ingredients.has(code, Ingredients.POETRY);
    }

    /** Throws {@link NightsafeException} saying what can't be installed. */
    void make(Code code) throws InterruptedException {
        boolean requirements = Ingredients.has(code, Ingredients.REQUIREMENTS);
        boolean poetry = !requirements && Ingredients.has(code, Ingredients.POETRY);
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
        installSdk(code);
        if (requirements || poetry) {
            step.noteWhatIsKept();
        }
        if (requirements) {
            installRequirements(code);
        } else if (poetry) {
            installWithPoetry(code);
        }
    }

    private void installSdk(Code code) throws InterruptedException {
        List<String> command = List.of(environment.resolve("bin/python").toString(), "-I", "-c", Sdks.UNPACK);
        try (SecretBytes sdk = Sdks.zip()) {
            SetupStep.Call call = new SetupStep.Call("setup", command, code.folder(), Map.of(), null, sdk, time);
            require(step.run(cell, call), "put the SDKs into the virtual environment");
        }
    }

    private void installRequirements(Code code) throws InterruptedException {
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

    private void installWithPoetry(Code code) throws InterruptedException {
        List<String> command = List.of("poetry", "install", "--no-root", "--no-interaction", "--quiet");
        String path = environment.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin";
        Map<String, String> variables = Map.of("VIRTUAL_ENV", environment.toString(), "PATH", path);
        SetupStep.Outcome outcome =
                step.run(cell, new SetupStep.Call("setup", command, code.folder(), variables, null, null, time));
        if (outcome.exit() == 127) {
            throw failure("this program has a poetry.lock but poetry isn't installed here; install it, or add a"
                    + " requirements.txt (poetry export)");
        }
        require(outcome, "install with poetry");
    }

    private SetupStep.Outcome run(Code code, String... command) throws InterruptedException {
        return step.run(cell, new SetupStep.Call("setup", List.of(command), code.folder(), Map.of(), null, null, time));
    }

    private String python() {
        return step.python().toString();
    }

    private void require(SetupStep.Outcome outcome, String what) {
        if (outcome.timedOut()) {
            throw failure("can't " + what + " within " + time.toMinutes()
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
}
