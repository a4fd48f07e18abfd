package io.notify.runner;

/** Development is for trying things on one's own machine; everything else is production. */
enum Environment {
    DEVELOPMENT,
    PRODUCTION
}
