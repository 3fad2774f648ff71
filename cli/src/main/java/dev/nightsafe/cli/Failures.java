package dev.nightsafe.cli;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns failures into {@code error:} and {@code hint:} lines on standard error and an exit code. */
final class Failures {
    private final Terminal terminal;
    private final BooleanSupplier debug;

    Failures(Terminal terminal, BooleanSupplier debug) {
        this.terminal = terminal;
        this.debug = debug;
    }

    /** What was typed can't be understood. */
    int wrongCommandLine(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        if (String.valueOf(failure.getMessage()).equals("Missing required subcommand")) {
            command.usage(terminal.err());
            return ExitCode.USAGE.code();
        }
        String name = command.getCommandSpec().qualifiedName();
        String message = String.valueOf(failure.getMessage());
        String hint = name + " --help";
        if (failure instanceof UnmatchedArgumentException unmatched) {
            message = unmatched(command, unmatched);
            hint = suggestion(unmatched, name);
        }
        show(decapitalized(message), hint); // no trace: it would repeat arguments, and one may be a value
        return ExitCode.USAGE.code();
    }

    /** A command threw. */
    int failed(Exception failure, CommandLine command, ParseResult parsed) {
        return switch (failure) {
            case CliException cli -> {
                show(String.valueOf(cli.getMessage()), cli.hint(), cli);
                yield cli.exitCode().code();
            }
            case NightsafeException problem -> {
                show(String.valueOf(problem.getMessage()), hint(problem.code()), problem);
                yield ExitCode.of(problem.code()).code();
            }
            case UncheckedIOException io -> {
                String why = io.getCause() == null ? "" : ": " + io.getCause().getMessage();
                show(io.getMessage() + why, null, io);
                yield ExitCode.FAILED.code();
            }
            case IllegalArgumentException wrong -> {
                show(String.valueOf(wrong.getMessage()), "--debug shows where this comes from", wrong);
                yield ExitCode.FAILED.code();
            }
            default -> {
                String what = failure.getClass().getSimpleName() + ": " + failure.getMessage();
                show("something went wrong that should not (" + what + ")", "--debug shows where", failure);
                yield ExitCode.FAILED.code();
            }
        };
    }

    /** What is left over on a {@code vault set} may be part of a value: it isn't repeated. */
    private static String unmatched(CommandLine command, UnmatchedArgumentException unmatched) {
        List<String> left = unmatched.getUnmatched();
        if (command.getCommandSpec().qualifiedName().endsWith("vault set")) {
            return "too many arguments; a value with spaces needs quotes, one that starts with '-' needs -- before it";
        }
        String first = left.isEmpty() ? "" : left.getFirst();
        String what = command.getSubcommands().isEmpty() ? "unexpected argument" : "unknown command";
        return (first.startsWith("-") ? "unknown option" : what) + " '" + Text.oneLine(first) + "'";
    }

    private static String suggestion(UnmatchedArgumentException unmatched, String command) {
        List<String> similar = command.endsWith("vault set") ? List.of() : unmatched.getSuggestions();
        return similar.isEmpty() ? command + " --help" : "did you mean: " + String.join(", ", similar) + "?";
    }

    private static @Nullable String hint(ProblemCode code) {
        return switch (code) {
            case UNREACHABLE ->
                "start it with nightsafe up, or name another with --server; nightsafe status shows more";
            case UNAUTHENTICATED -> "the token may have expired or been revoked: nightsafe login";
            case FORBIDDEN -> "nightsafe whoami shows what this token may do";
            case NOT_FOUND -> "check the name, and the workspace: nightsafe workspace list";
            case VAULT_NOT_FOUND -> "nightsafe vault list shows what is there";
            case QUEUE_NOT_FOUND -> "nightsafe queue list shows what is there";
            case VAULTS_NOT_CONFIGURED ->
                "the keeper's master key comes from its backup, or for a first start from nightsafe keys new";
            case KEEPER_UNAVAILABLE -> "nightsafe status shows whether the keeper runs";
            case VAULT_IN_USE -> "--force deletes it all the same";
            case QUEUE_IN_USE -> "--force cancels them and deletes it";
            case NOT_RELEASED -> "nightsafe vault allow VAULT --queue QUEUE, by someone with vault.release";
            case QUEUE_PAUSED -> "nightsafe queue resume QUEUE";
            case SECRET_EXPIRED -> "nightsafe vault set VAULT KEY";
            case WRONG_STATE -> "look how it is: nightsafe task show ID, nightsafe vault history VAULT KEY";
            case IDEMPOTENCY_CONFLICT ->
                "the key names a task that was submitted before; nightsafe task show ID shows it";
            case VERSION_CONFLICT -> "others are writing the same key; try again";
            case LOCK_CHANGED -> "the vault is getting another lock; try again";
            case OVERLOADED, TOO_MANY_REQUESTS, DATABASE_UNAVAILABLE -> "try again in a moment";
            case OUTCOME_UNKNOWN -> "look whether it was done, then try again if it wasn't";
            case BAD_REQUEST,
                    INVALID_NAME,
                    RESERVED_NAME,
                    INVALID_QUEUE,
                    INVALID_BOX,
                    VALUE_EMPTY,
                    VALUE_TOO_LARGE,
                    BODY_TOO_LARGE,
                    METHOD_NOT_ALLOWED,
                    UNSUPPORTED_MEDIA_TYPE,
                    ALREADY_EXISTS,
                    LEASE_LOST,
                    DEPLOYMENT_CHANGED,
                    BELOW_FLOOR,
                    RULES_ALTERED,
                    ROLLED_BACK,
                    SECRET_UNREADABLE,
                    VERSIONS_GONE,
                    KEY_UNUSABLE,
                    INTERNAL -> null;
        };
    }

    private void show(String message, @Nullable String hint, Exception failure) {
        show(message, hint);
        if (debug.getAsBoolean()) {
            failure.printStackTrace(terminal.err());
            terminal.err().flush();
        }
    }

    private void show(String message, @Nullable String hint) {
        terminal.out().flush();
        terminal.say(terminal.style().bad("error:") + " " + Text.lines(message));
        if (hint != null) {
            terminal.say(terminal.style().faint("hint:") + " " + hint);
        }
    }

    private static String decapitalized(String message) {
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
}
