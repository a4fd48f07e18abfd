package io.notify;

/** An opaque reference that an {@link OutboundEvent} carries from a send to its delivery, for the engine's tracing. */
interface EventTrace {}
