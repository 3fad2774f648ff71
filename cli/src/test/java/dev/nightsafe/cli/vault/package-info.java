@NullMarked
package dev.nightsafe.cli.vault;

import org.jspecify.annotations.NullMarked;
