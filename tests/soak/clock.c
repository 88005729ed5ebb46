/* The time of day as a page of memory says it, for every process that this is preloaded into (tests/soak/clock.py).
   Only the time of day: what waits, sleeps or measures goes by the kernel's monotonic clock, as always. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL

/* In nanoseconds; turn is odd while somebody writes. It was `at` at `since` (monotonic) and never passes `until`. */
struct page { int64_t turn, at, since, rate, until; };
static const struct page *page;

static int64_t kernel(clockid_t clock) {
    struct timespec t;
    syscall(SYS_clock_gettime, clock, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("SOAK_CLOCK");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) abort(); /* the real time among processes of another would be worse than none */
    void *found = mmap(0, sizeof(struct page), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (found == MAP_FAILED) abort();
    page = found;
}

static int64_t now(void) {
    if (!page) return kernel(CLOCK_REALTIME); /* another library began before us */
    for (;;) {
        int64_t turn = __atomic_load_n(&page->turn, __ATOMIC_ACQUIRE);
        int64_t at = page->at, since = page->since, rate = page->rate, until = page->until;
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        if (turn & 1 || turn != __atomic_load_n(&page->turn, __ATOMIC_RELAXED)) continue;
        int64_t told = at + (kernel(CLOCK_MONOTONIC) - since) * rate;
        return told < until ? told : until;
    }
}

int clock_gettime(clockid_t clock, struct timespec *t) {
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) return syscall(SYS_clock_gettime, clock, t);
    int64_t told = now();
    t->tv_sec = told / SECOND;
    t->tv_nsec = told % SECOND;
    return 0;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone) {
    (void)zone;
    int64_t told = now();
    t->tv_sec = told / SECOND;
    t->tv_usec = told % SECOND / 1000;
    return 0;
}

time_t time(time_t *t) {
    time_t told = now() / SECOND;
    if (t) *t = told;
    return told;
}
