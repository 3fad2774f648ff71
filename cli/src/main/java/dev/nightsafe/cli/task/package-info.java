/** Tasks: submitting, watching, reading results. */
@NullMarked
package dev.nightsafe.cli.task;

import org.jspecify.annotations.NullMarked;
