package dev.nightsafe.runner.inject;

import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.protocol.keeper.GrantBundle;
import dev.nightsafe.runner.outbound.Utf8;
import dev.nightsafe.runner.process.LaunchFrame;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one worker gets of an opened grant: whole vaults merged in the order listed, later over earlier, single secrets
 * over those. Exactly what the deployment names and nothing else; what doesn't fit is an error, not left out. Close it
 * when the worker has ended.
 */
public final class Injection implements AutoCloseable {
    /** The longest {@code NAME=value} that Linux takes, with its closing NUL. */
    private static final int LONGEST_VARIABLE = 128 << 10;

    /** Small numbers: `sh` knows only those up to 9. */
    private static final int FIRST_DESCRIPTOR = 3;

    private final GrantBundle bundle;
    private final Map<String, SecretBytes> variables = new LinkedHashMap<>();
    private final Map<String, SecretBytes> files = new LinkedHashMap<>();
    private final Map<String, String> fileVariables = new LinkedHashMap<>();
    private final Map<String, SecretBytes> descriptors = new LinkedHashMap<>();

    private Injection(GrantBundle bundle) {
        this.bundle = bundle;
    }

    /**
     * Takes the bundle over; it is closed also when this fails.
     *
     * @throws NightsafeException naming vault and key, and what to do
     */
    public static Injection of(Deployment deployment, GrantBundle bundle) {
        Injection injection = new Injection(bundle);
        try {
            deployment.vaults().forEach(vault -> injection.addVault(vault, deployment));
            deployment.secrets().forEach(injection::addSecret);
            return injection;
        } catch (RuntimeException e) {
            injection.close();
            throw e;
        }
    }

    /** Every granted value that is a secret, to be redacted. */
    public List<SecretBytes> secrets() {
        return bundle.entries().stream()
                .filter(GrantBundle.Entry::secret)
                .map(GrantBundle.Entry::value)
                .toList();
    }

    /** Granted secrets that can't be redacted, as {@code vault/key}. */
    public List<String> notRedacted() {
        return bundle.entries().stream()
                .filter(entry -> entry.secret() && !dev.nightsafe.runner.outbound.Redactor.isRedacted(entry.value()))
                .map(entry -> entry.vault() + "/" + entry.key())
                .toList();
    }

    /**
     * Puts the values into a worker's frame.
     *
     * @param folder where the worker's files go, as it sees it
     */
    public void addTo(LaunchFrame frame, String folder) {
        variables.forEach(frame::variable);
        files.forEach((name, value) -> frame.file(folder + "/" + name, value));
        fileVariables.forEach((variable, name) -> frame.variable(variable, folder + "/" + name));
        int descriptor = FIRST_DESCRIPTOR;
        for (Map.Entry<String, SecretBytes> entry : descriptors.entrySet()) {
            frame.memoryFile(descriptor, entry.getValue());
            frame.variable(entry.getKey(), Integer.toString(descriptor++));
        }
    }

    /** What was granted, as {@code vault/KEY@version}. */
    public SortedSet<String> versions() {
        return bundle.entries().stream().map(Injection::version).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String version(GrantBundle.Entry entry) {
        return entry.vault() + "/" + entry.key() + "@" + entry.version();
    }

    /** Variables with paths of files whose values aren't of these {@link #versions}. */
    public SortedSet<String> filesNewerThan(Set<String> versions) {
        Set<SecretBytes> newer = bundle.entries().stream()
                .filter(entry -> !versions.contains(version(entry)))
                .map(GrantBundle.Entry::value)
                .collect(Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>())));
        return fileVariables.entrySet().stream()
                .filter(variable -> newer.contains(files.get(variable.getValue())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Puts the files of these variables into a frame that replaces them. */
    public void replaceIn(LaunchFrame frame, Set<String> variables) {
        variables.stream()
                .map(fileVariables::get)
                .distinct()
                .forEach(name -> frame.replacement(name, Objects.requireNonNull(files.get(name))));
    }

    private void addVault(Deployment.VaultRef vault, Deployment deployment) {
        for (GrantBundle.Entry entry : bundle.entries()) {
            if (entry.vault().equals(vault.name()) && Names.isVariable(entry.key()) && !isApart(entry, deployment)) {
                addVariable(entry.key(), entry);
            }
        }
    }

    /** A key that is asked for as a file or descriptor isn't a variable as well, which it may not even fit. */
    private static boolean isApart(GrantBundle.Entry entry, Deployment deployment) {
        return deployment.secrets().stream()
                .anyMatch(secret -> secret.as() != Deployment.As.ENV
                        && secret.from().key().equals(entry.key())
                        && secret.from().vault().name().equals(entry.vault()));
    }

    private void addSecret(Deployment.SecretRef secret) {
        GrantBundle.Entry entry = find(secret.from());
        switch (secret.as()) {
            case ENV -> addVariable(secret.env(), entry);
            case FILE -> addFile(secret.env(), entry);
            case FD -> addDescriptor(secret.env(), entry);
        }
    }

    private void addVariable(String name, GrantBundle.Entry entry) {
        requireAllowed(name, entry);
        requireFits(name, entry);
        fileVariables.remove(name);
        descriptors.remove(name);
        variables.put(name, entry.value());
    }

    private void addFile(String variable, GrantBundle.Entry entry) {
        requireAllowed(variable, entry);
        String name = entry.vault() + "." + entry.key(); // a vault's name has no '.', so this is unique
        files.put(name, entry.value());
        variables.remove(variable);
        descriptors.remove(variable);
        fileVariables.put(variable, name);
    }

    private void addDescriptor(String variable, GrantBundle.Entry entry) {
        requireAllowed(variable, entry);
        variables.remove(variable);
        fileVariables.remove(variable);
        descriptors.put(variable, entry.value());
    }

    private GrantBundle.Entry find(Deployment.KeyRef from) {
        return bundle.entries().stream()
                .filter(entry ->
                        entry.vault().equals(from.vault().name()) && entry.key().equals(from.key()))
                .findFirst()
                .orElseThrow(() -> new NightsafeException(
                        ProblemCode.NOT_FOUND,
                        "vault '" + from.vault().name() + "' has no '" + from.key()
                                + "'; deposit it, or take it out of the queue's secrets"));
    }

    private static void requireAllowed(String variable, GrantBundle.Entry entry) {
        if (!Names.isVariable(variable) || Names.isReserved(variable)) {
            throw new NightsafeException(
                    ProblemCode.RESERVED_NAME,
                    describe(entry) + " can't become the variable '" + variable
                            + "': it would change how a worker starts or what it loads; use another name");
        }
    }

    private static void requireFits(String name, GrantBundle.Entry entry) {
        int length =
                name.getBytes(StandardCharsets.UTF_8).length + 2 + entry.value().length();
        if (length > LONGEST_VARIABLE) {
            throw unfit(entry, "is too long for a variable (128 KiB)");
        }
        entry.value().exposing(bytes -> {
            for (byte b : bytes) {
                if (b == 0) {
                    throw unfit(entry, "holds a NUL byte, which no variable can");
                }
            }
            if (!Utf8.isValid(bytes)) {
                throw unfit(entry, "isn't UTF-8 text, so it can't be a variable");
            }
            return bytes.length;
        });
    }

    private static NightsafeException unfit(GrantBundle.Entry entry, String why) {
        return new NightsafeException(
                ProblemCode.BAD_REQUEST,
                describe(entry) + " " + why
                        + "; give it as a file (secrets: as: file or as: fd in the queue's deployment)");
    }

    private static String describe(GrantBundle.Entry entry) {
        return "'" + entry.key() + "' of vault '" + entry.vault() + "'";
    }

    @Override
    public void close() {
        bundle.close();
    }
}
