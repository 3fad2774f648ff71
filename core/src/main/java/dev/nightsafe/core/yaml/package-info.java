/** YAML as nodes that know where they stand, read within budgets. */
@NullMarked
package dev.nightsafe.core.yaml;

import org.jspecify.annotations.NullMarked;
