package dev.nightsafe.core.queue;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Renewal.OnChange;
import dev.nightsafe.core.queue.Renewal.Signal;
import dev.nightsafe.core.queue.Renewal.Versions;
import dev.nightsafe.core.yaml.YamlNode;
import dev.nightsafe.core.yaml.YamlNode.Entry;
import java.util.List;
import java.util.Optional;

/** Reads what a queue's deployment says of new values. What can't change in a process is refused where it is to. */
final class RenewalReader {
    private static final String HINT = "; write as: file, or on_change: restart";

    private final Fields fields;

    private RenewalReader(Fields fields) {
        this.fields = fields;
    }

    static Renewal read(Fields fields) {
        return new RenewalReader(fields).read();
    }

    private Renewal read() {
        OnChange onChange = choice("on_change", OnChange.NEXT_BOOTSTRAP);
        Signal signal = fields.checked("signal", RenewalReader::signal).orElse(Signal.SIGHUP);
        if (onChange != OnChange.SIGNAL) {
            fields.find("signal").ifPresent(entry -> fields.wrong(entry.value(), "signal", " needs on_change: signal"));
        }
        Renewal renewal = new Renewal(onChange, signal, choice("versions", Versions.NEWEST));
        if (renewal.isInPlace()) {
            requireFiles();
        }
        return renewal;
    }

    private <E extends Enum<E>> E choice(String name, E usual) {
        Class<E> choices = usual.getDeclaringClass();
        return fields.checked(
                        name,
                        word -> Disclosure.choice(choices, word)
                                .orElseThrow(() -> bad("write " + Disclosure.words(choices))))
                .orElse(usual);
    }

    /** Variables are a process's own from its start on, and what is at a descriptor is sealed. */
    private void requireFiles() {
        List<YamlNode> vaults = items("vaults");
        if (!vaults.isEmpty()) {
            fields.wrong(
                    vaults.getFirst(),
                    "vaults",
                    " gives variables, which can't change in a worker that runs; name its keys under secrets with"
                            + " as: file, or write on_change: restart");
        }
        List<YamlNode> secrets = items("secrets");
        for (int i = 0; i < secrets.size(); i++) {
            if (secrets.get(i) instanceof YamlNode.Mapping secret) {
                requireFile("secrets[" + i + "].as", secret, secret.find("as"));
            }
        }
    }

    private void requireFile(String name, YamlNode secret, Optional<Entry> as) {
        String said = as.map(entry -> String.valueOf(entry.value().plain())).orElse("env");
        if (said.equals("env")) {
            fields.wrong(secret, name, ": a variable can't change in a worker that runs" + HINT);
        } else if (said.equals("fd")) {
            fields.wrong(secret, name, ": what is at a descriptor is sealed and can't change" + HINT);
        }
    }

    private List<YamlNode> items(String name) {
        return fields.find(name)
                .map(entry -> entry.value() instanceof YamlNode.Sequence list ? list.items() : List.<YamlNode>of())
                .orElse(List.of());
    }

    private static Signal signal(String name) {
        try {
            return Signal.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw bad("write SIGHUP, SIGUSR1 or SIGUSR2");
        }
    }

    private static NightsafeException bad(String what) {
        return new NightsafeException(ProblemCode.INVALID_QUEUE, what);
    }
}
