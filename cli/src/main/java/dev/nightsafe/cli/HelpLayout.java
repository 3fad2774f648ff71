package dev.nightsafe.cli;

import dev.nightsafe.cli.platform.ExitCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** How help looks: arguments in the order in which they are typed, global options only in the list below. */
final class HelpLayout {
    private HelpLayout() {}

    /** Applies it to a command and those under it. */
    static void apply(CommandLine commandLine) {
        CommandSpec spec = commandLine.getCommandSpec();
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
        commandLine.getSubcommands().values().forEach(HelpLayout::apply);
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
            String options = group.allOptionsNested().stream()
                    .map(HelpLayout::option)
                    .collect(Collectors.joining(" | "));
            String both = choice.isEmpty() ? options : choice + " | " + options;
            words.add(group.multiplicity().min() > 0 ? "(" + both + ")" : "[" + both + "]");
        }
        for (OptionSpec option : spec.options()) {
            if (!option.inherited() && !option.hidden() && option.group() == null) {
                words.add(optional(option, option(option)) + many(option));
            }
        }
        return String.join(" ", words);
    }

    private static String option(OptionSpec option) {
        return option.arity().max() == 0
                ? option.longestName()
                : option.longestName() + "=" + option.paramLabel();
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
