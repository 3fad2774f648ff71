package dev.nightsafe.cli;

import dev.nightsafe.cli.fake.FakeConsole;
import dev.nightsafe.cli.fake.FakeLocalKeeper;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What {@code $ given …} in a transcript does to the fakes. */
final class Situations {
    private static final String REPORT = """
            {"summary": "2 of 3 disks have room.\\nOne was cleaned.\\u001b[2J", "exit_code": 2,
             "issues": [{"severity": 1, "title": "disk\\u202efull", "affected": "db-1", "expected": "20 % free",
                         "actual": "0 %\\n(since Monday)", "next_steps": ["prune logs", "buy disks"]},
                        {"severity": 4, "title": "odd name"}],
             "steps": [{"name": "connect", "outcome": "passed"},
                       {"name": "write", "outcome": "failed", "note": "no space left\\u0007"},
                       {"name": "verify", "outcome": "skipped"}, {"name": "tidy", "outcome": "passed"}],
             "entries": [{"name": "free", "value": "0 %"}, {"text": "first line\\nsecond\\u009b line"}],
             "next_steps": ["look at db-1"], "left_out": 3}
            """;

    private static final String TIME = "2026-11-22T10:00:00.123Z";

    private Situations() {}

    static void apply(String what, FakeConsole console, FakeLocalKeeper keeper) {
        switch (what) {
            case "may-not-release" -> console.state().mayRelease = false;
            case "pinned" -> console.state().pinned = true;
            case "starting-workers" -> console.state().workersStarted = false;
            case "altered-digest" -> console.state().alteredDigest = true;
            case "failing-task" -> console.state().taskStates = List.of("running", "failed");
            case "waiting-task" -> console.state().taskStates = List.of("pending");
            case "reporting-task" -> console.state().report = REPORT;
            case "withholding-runner" ->
                console.state().withheld = List.of("error.traceback", "report.details", "result");
            case "transmitting-runner" ->
                console.state().log = List.of(
                        new ConsoleApi.LogPart(TIME, 1, "out", "loading\n  half of it"),
                        new ConsoleApi.LogPart(TIME, 1, "err", "warning: \u001b[31mslow"),
                        new ConsoleApi.LogPart(TIME, 2, "run", "3 lines were dropped"));
            case "newer-report" -> console.state().report = "{\"mood\": \"good\\u001b[2J\"}";
            case "broken-chain" -> console.state().brokenChain = "this event was altered: its hash is another";
            case "rewritten-chain" -> console.state().rewrittenChain = true;
            case "cut-chain" -> console.state().consoleEvents = 11;
            case "chains-that-stand-still" -> console.state().keeperExports = -1;
            case "chains-that-go-on" -> console.state().keeperExports = 0;
            case "keeper-away-in-export" -> console.state().keeperAwayInExport = true;
            case "contradicted-chain" -> {
                console.state().auditProblems = List.of("event 9 of chain keeper/1, seen before, is another now");
                console.state().runnersAuditProblem = "event 7 of chain keeper/1, seen before, is missing";
            }
            case "another-root" -> console.behaviour().otherRoot = FakeConsole.signer((byte) 8);
            case "forged-certificate" -> console.behaviour().forgedCertificate = true;
            case "one-other-lock" -> {
                console.behaviour().conflicts = 1;
                console.behaviour().conflict = ProblemCode.LOCK_CHANGED;
            }
            case "unreadable-value" ->
                console.state().rekeyProblem =
                        "secret 'api-keys/OLD' can't be opened: it is not what the console accepted";
            case "one-conflict" -> console.behaviour().conflicts = 1;
            case "many-conflicts" -> console.behaviour().conflicts = 9;
            case "vaults-not-configured" -> console.behaviour().problem = ProblemCode.VAULTS_NOT_CONFIGURED;
            case "value-in-keeper" ->
                keeper.values.put("api-keys/TLS_KEY", "line one\nline two\n".getBytes(StandardCharsets.UTF_8));
            case "odd-value-in-keeper" ->
                keeper.values.put(
                        "api-keys/ODD",
                        "a \"quote\", \\, $HOME, 'x' # no comment\r\t".getBytes(StandardCharsets.UTF_8));
            case "zero-in-keeper" -> keeper.values.put("api-keys/ZERO", new byte[] {'a', 0});
            case "keys-from-environment" -> keeper.source = "environment";
            default -> throw new AssertionError("no situation '" + what + "'");
        }
    }
}
