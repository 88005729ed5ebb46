/* The time of day as a page of memory says it, for every process that this is preloaded into (tests/soak/clock.py).
   Only the time of day: what waits, sleeps or measures goes by the kernel's monotonic clock, as always. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
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

/* The C library's own answer: it asks the kernel only where it must, which is several times as dear. */
static int (*library)(clockid_t, struct timespec *);

static int ask(clockid_t clock, struct timespec *t) {
    return library ? library(clock, t) : (int)syscall(SYS_clock_gettime, clock, t);
}

static int64_t told(clockid_t clock) {
    struct timespec t;
    ask(clock, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

__attribute__((constructor)) static void begin(void) {
    *(void **)&library = dlsym(RTLD_NEXT, "clock_gettime");
    const char *name = getenv("SOAK_CLOCK");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) abort(); /* the real time among processes of another would be worse than none */
    void *found = mmap(0, sizeof(struct page), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (found == MAP_FAILED) abort();
    page = found;
}

static int64_t now(void) {
    if (!page) return told(CLOCK_REALTIME); /* another library began before us */
    for (;;) {
        int64_t turn = __atomic_load_n(&page->turn, __ATOMIC_ACQUIRE);
        int64_t at = page->at, since = page->since, rate = page->rate, until = page->until;
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        if (turn & 1 || turn != __atomic_load_n(&page->turn, __ATOMIC_RELAXED)) continue;
        int64_t then = at + (told(CLOCK_MONOTONIC) - since) * rate;
        return then < until ? then : until;
    }
}

int clock_gettime(clockid_t clock, struct timespec *t) {
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) return ask(clock, t);
    int64_t when = now();
    t->tv_sec = when / SECOND;
    t->tv_nsec = when % SECOND;
    return 0;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone) {
    (void)zone;
    int64_t when = now();
    t->tv_sec = when / SECOND;
    t->tv_usec = when % SECOND / 1000;
    return 0;
}

time_t time(time_t *t) {
    time_t when = now() / SECOND;
    if (t) *t = when;
    return when;
}

/* Who waits until a time of day waits for what is left until then, in real seconds. The kernel would hold a day of the
   simulation against its own: long past, so that the thread by which polars gives memory back (jemalloc's) never slept
   and took a core from everybody. Some of these deadlines are monotonic already, by an attribute of the condition: no
   machine is up for thirty years, and no soak plays before 2001. */
static struct timespec monotonic(const struct timespec *deadline) {
    int64_t until = deadline->tv_sec > SECOND * 4 ? SECOND * SECOND * 4 : deadline->tv_sec * SECOND + deadline->tv_nsec;
    if (deadline->tv_sec >= SECOND) until += told(CLOCK_MONOTONIC) - now();
    return (struct timespec){until / SECOND, until % SECOND};
}

int pthread_cond_timedwait(
    pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, const struct timespec *restrict deadline
) {
    struct timespec until = monotonic(deadline);
    return pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, &until);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict deadline) {
    struct timespec until = monotonic(deadline);
    return sem_clockwait(semaphore, CLOCK_MONOTONIC, &until);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict deadline) {
    struct timespec until = monotonic(deadline);
    return pthread_mutex_clocklock(mutex, CLOCK_MONOTONIC, &until);
}
