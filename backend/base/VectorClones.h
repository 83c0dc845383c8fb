// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Put before a function whose loops are worth wide vectors: it is compiled for several instruction sets and the best
/// that the processor has is taken when the program starts, so that a binary built on one machine starts on another.
/// Off under the sanitizers, whose start-up runs before such a choice can be made.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(DUBITO_SANITIZED)
#define DUBITO_VECTOR_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DUBITO_VECTOR_CLONES
#endif
