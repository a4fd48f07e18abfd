package io.notify.runner;

/** What {@code DURABILITY} takes. */
enum DurabilityChoice {
    PROCESS,
    POWER
}
