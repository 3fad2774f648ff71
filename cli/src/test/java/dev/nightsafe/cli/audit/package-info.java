@NullMarked
package dev.nightsafe.cli.audit;

import org.jspecify.annotations.NullMarked;
