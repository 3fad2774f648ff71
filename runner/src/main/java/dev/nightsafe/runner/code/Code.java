package dev.nightsafe.runner.code;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A deployment's program on this machine.
 *
 * @param folder where its command runs: the code path inside the checkout
 * @param commit full commit id, null for a {@code dir:} folder
 */
public record Code(Path folder, @Nullable String commit) {}
