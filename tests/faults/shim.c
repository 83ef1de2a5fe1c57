// LD_PRELOAD: the program's calls that change files under $FAULT_FOLDER are counted by kind: what is written, what is
// synced, what gets or loses a name. From the call on that first names $FAULT_FROM (unset: the first of all), of those of
// kind $FAULT_KIND (unset: of any), the program dies (SIGKILL) at number $FAULT_KILL - every other one amid what it
// writes - or finds the disk full from number $FAULT_FULL on, which takes half of what is written first. Of several MPI
// ranks $FAULT_RANK alone does. At its end it writes the counts to $FAULT_COUNT.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum Kind { kWrite, kSync, kName, kKinds };
static const char* const kind_name[kKinds] = {"write", "sync", "name"};
static long count[kKinds], struck;
static int begun;

// What a call has to do.
enum Fate { kGoOn, kHalf, kDie, kFull };

static int is_ours(const char* path) {
  const char* folder = getenv("FAULT_FOLDER");
  return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_our_file(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t n = readlink(link, path, sizeof path - 1);
  if (n < 0) return 0;
  path[n] = 0;
  return is_ours(path);
}

static long number(const char* name) {
  const char* text = getenv(name);
  return text ? atol(text) : 0;
}

static int is_meant(enum Kind kind, const char* path) {
  const char *from = getenv("FAULT_FROM"), *only = getenv("FAULT_KIND"), *rank = getenv("FAULT_RANK"),
             *mine = getenv("OMPI_COMM_WORLD_RANK");
  if (rank && (!mine || strcmp(rank, mine) != 0)) return 0;
  if (!from || (path && strcmp(path, from) == 0)) begun = 1;
  return begun && (!only || strcmp(only, kind_name[kind]) == 0);
}

static enum Fate fate(enum Kind kind, const char* path) {
  __sync_add_and_fetch(&count[kind], 1);
  if (!is_meant(kind, path)) return kGoOn;
  const long call = __sync_add_and_fetch(&struck, 1), full = number("FAULT_FULL");
  if (number("FAULT_KILL") == call) {
    if (kind != kWrite || call % 2) kill(getpid(), SIGKILL);
    return kDie;
  }
  if (full == 0 || call < full || kind == kSync) return kGoOn;
  return kind == kWrite && call == full ? kHalf : kFull;
}

// 1: it fails for want of space.
static int refused(enum Kind kind, const char* path) {
  if (fate(kind, path) != kFull) return 0;
  errno = ENOSPC;
  return 1;
}

#define REAL(result, name, ...)              \
  static result (*real)(__VA_ARGS__) = NULL; \
  if (!real) *(void**)&real = dlsym(RTLD_NEXT, #name)

// `call` writes `size` bytes, or fewer.
#define WRITTEN(call)                                  \
  const size_t all = size;                             \
  const enum Fate f = fate(kWrite, NULL);              \
  if (f == kFull) return errno = ENOSPC, -1;           \
  if (f != kGoOn && all > 1) size = all / 2;           \
  const ssize_t done = call;                           \
  if (f == kDie) kill(getpid(), SIGKILL);              \
  return done

ssize_t write(int fd, const void* data, size_t size) {
  REAL(ssize_t, write, int, const void*, size_t);
  if (!is_our_file(fd)) return real(fd, data, size);
  WRITTEN(real(fd, data, size));
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
  REAL(ssize_t, pwrite64, int, const void*, size_t, off64_t);
  if (!is_our_file(fd)) return real(fd, data, size, at);
  WRITTEN(real(fd, data, size, at));
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t at) { return pwrite64(fd, data, size, at); }
ssize_t sendfile(int to, int from, off_t* at, size_t size) {
  REAL(ssize_t, sendfile, int, int, off_t*, size_t);
  if (!is_our_file(to)) return real(to, from, at, size);
  WRITTEN(real(to, from, at, size));
}
int fsync(int fd) {
  REAL(int, fsync, int);
  if (is_our_file(fd)) (void)fate(kSync, NULL);
  return real(fd);
}
int rename(const char* from, const char* to) {
  REAL(int, rename, const char*, const char*);
  return is_ours(to) && refused(kName, to) ? -1 : real(from, to);
}
int link(const char* from, const char* to) {
  REAL(int, link, const char*, const char*);
  return is_ours(to) && refused(kName, to) ? -1 : real(from, to);
}
int mkdir(const char* path, mode_t mode) {
  REAL(int, mkdir, const char*, mode_t);
  return is_ours(path) && access(path, F_OK) != 0 && refused(kName, path) ? -1 : real(path, mode);
}
int unlink(const char* path) {
  REAL(int, unlink, const char*);
  if (is_ours(path) && access(path, F_OK) == 0) (void)fate(kName, path);
  return real(path);
}
int remove(const char* path) {
  REAL(int, remove, const char*);
  if (is_ours(path) && access(path, F_OK) == 0) (void)fate(kName, path);
  return real(path);
}

__attribute__((destructor)) static void tell(void) {
  const char* path = getenv("FAULT_COUNT");
  FILE* out = path ? fopen(path, "w") : NULL;
  if (!out) return;
  fprintf(out, "%ld %ld %ld\n", count[kWrite], count[kSync], count[kName]);
  fclose(out);
}
