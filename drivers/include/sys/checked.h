/*
 * What the compiler checks in calls of these headers' functions. Included by them; programs need it
 * for declarations of their own only.
 */
#pragma once

/* A call whose result nobody looks at is a mistake. */
#define KEX_MUST_CHECK __attribute__((warn_unused_result))

/* None of the pointers may be NULL. */
#define KEX_NONNULL __attribute__((nonnull))

/* The arguments with these numbers, from 1 on, may not be NULL. */
#define KEX_NONNULL_ARGUMENTS(...) __attribute__((nonnull(__VA_ARGS__)))
