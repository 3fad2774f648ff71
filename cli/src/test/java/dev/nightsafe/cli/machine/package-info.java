@NullMarked
package dev.nightsafe.cli.machine;

import org.jspecify.annotations.NullMarked;
