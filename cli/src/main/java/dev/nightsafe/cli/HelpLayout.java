package dev.nightsafe.cli;

import dev.nightsafe.cli.platform.ExitCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** How help looks: arguments in the order in which they are typed, global options only in the list below. */
final class HelpLayout {
    /** Commands of a group in the order in which one needs them; others come after. */
    private static final Map<String, List<String>> ORDER = Map.of(
            "vault",
            List.of("create", "list", "show", "set", "import", "get", "unset", "delete", "allow", "disallow"),
            "queue",
            List.of("apply", "list", "show", "delete"),
            "task",
            List.of("submit", "list", "show", "cancel"),
            "runner",
            List.of("token", "start", "list", "show", "logs", "sent", "revoke"),
            "keys",
            List.of("new", "status", "rotate"));

    private static final int WIDTH = 100;
    private static final String INDENT = " ".repeat("Usage: ".length());

    private HelpLayout() {}

    /** Makes help when it is asked for, laid out like this; most runs never ask. */
    static CommandLine.Help help(CommandSpec spec, CommandLine.Help.ColorScheme colours) {
        spec.usageMessage()
                .synopsisHeading("%nUsage: ")
                .customSynopsis(synopsis(spec))
                .parameterListHeading("%n")
                .optionListHeading("%nOptions:%n")
                .commandListHeading("%nCommands:%n")
                .sortOptions(false);
        if (spec.parent() == null) {
            spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(exitCodes());
        }
        spec.commandLine()
                .getHelpSectionMap()
                .put(
                        UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
                        help -> help.commandList(ordered(spec.name(), help.subcommands())));
        return new CommandLine.Help(spec, colours);
    }

    /** A group's commands in the order of its help. */
    static Map<String, CommandLine> ordered(CommandLine group) {
        return ordered(group.getCommandName(), group.getSubcommands());
    }

    private static <T> Map<String, T> ordered(String group, Map<String, T> commands) {
        Map<String, T> ordered = new LinkedHashMap<>();
        for (String name : ORDER.getOrDefault(group, List.of())) {
            ordered.put(name, Objects.requireNonNull(commands.get(name), name));
        }
        commands.forEach(ordered::putIfAbsent);
        return ordered;
    }

    private static String synopsis(CommandSpec spec) {
        if (!spec.subcommands().isEmpty()) {
            return spec.qualifiedName() + " COMMAND";
        }
        List<String> words = new ArrayList<>(List.of(spec.qualifiedName()));
        for (PositionalParamSpec positional : spec.positionalParameters()) {
            if (positional.group() == null) {
                words.add(optional(positional, positional.paramLabel() + many(positional)));
            }
        }
        for (ArgGroupSpec group : spec.argGroups()) {
            String choice = group.allPositionalParametersNested().stream()
                    .map(ArgSpec::paramLabel)
                    .collect(Collectors.joining(" | "));
            String options =
                    group.allOptionsNested().stream().map(HelpLayout::option).collect(Collectors.joining(" | "));
            String both = choice.isEmpty() ? options : choice + " | " + options;
            words.add(group.multiplicity().min() > 0 ? "(" + both + ")" : "[" + both + "]");
        }
        for (OptionSpec option : spec.options()) {
            if (!option.inherited() && !option.hidden() && option.group() == null) {
                words.add(optional(option, option(option)) + many(option));
            }
        }
        return wrapped(words);
    }

    /** On lines that fit after the heading. */
    private static String wrapped(List<String> words) {
        StringBuilder lines = new StringBuilder();
        int length = 0;
        for (String word : words) {
            boolean full = length > 0 && length + 1 + word.length() > WIDTH - INDENT.length();
            lines.append(length == 0 ? "" : full ? "%n" + INDENT : " ").append(word);
            length = full ? word.length() : length + 1 + word.length();
        }
        return lines.toString();
    }

    private static String option(OptionSpec option) {
        return option.arity().max() == 0 ? option.longestName() : option.longestName() + "=" + option.paramLabel();
    }

    private static String optional(ArgSpec argument, String text) {
        return argument.required() ? text : "[" + text + "]";
    }

    private static String many(ArgSpec argument) {
        return argument.isMultiValue() ? "..." : "";
    }

    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        Arrays.stream(ExitCode.values()).forEach(code -> codes.put(" " + code.code(), code.meaning()));
        return codes;
    }
}
