/*
 * Words that threads and processes share, in C and in C++: KEX_ATOMIC(uint32_t) is the same in
 * both.
 */
#pragma once

#ifdef __cplusplus
#include <atomic>
#define KEX_ATOMIC(type) std::atomic<type>
#define KEX_ALIGNED(bytes) alignas(bytes)
using std::memory_order_relaxed;
#else
#include <stdatomic.h>
#include <stdbool.h>
#define KEX_ATOMIC(type) _Atomic(type)
#define KEX_ALIGNED(bytes) _Alignas(bytes)
#endif
