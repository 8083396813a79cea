#pragma once

// Loops over nodes and links exist twice on x86-64, and the program takes the wide ones where the processor
// has AVX2. Both round alike (no fused multiply-add): the same results on every machine. GCC only, and not
// under its sanitizers, which run before the choice between the two can be made.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define PUMP_WIDE_LOOPS __attribute__((target_clones("avx2", "default")))
#else
#define PUMP_WIDE_LOOPS
#endif

// No iteration of the loop below reads what another one writes: no check for overlapping arrays is needed.
#if defined(__GNUC__) && !defined(__clang__)
#define PUMP_INDEPENDENT _Pragma("GCC ivdep")
#else
#define PUMP_INDEPENDENT
#endif
