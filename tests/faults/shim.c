// LD_PRELOAD: the program's calls that change files under $FAULT_FOLDER are counted. It dies (SIGKILL) before call
// $FAULT_KILL, or finds the disk full from call $FAULT_FULL on. At its end it writes the count to $FAULT_COUNT.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long calls = 0;

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

// 1: the disk is full for this call.
static int strikes(int needs_space) {
  const long call = __sync_add_and_fetch(&calls, 1);
  if (number("FAULT_KILL") == call) kill(getpid(), SIGKILL);
  const long full = number("FAULT_FULL");
  if (!needs_space || full == 0 || call < full) return 0;
  errno = ENOSPC;
  return 1;
}

#define REAL(result, name, ...)                  \
  static result (*real)(__VA_ARGS__) = NULL;     \
  if (!real) *(void**)&real = dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void* data, size_t size) {
  REAL(ssize_t, write, int, const void*, size_t);
  return is_our_file(fd) && strikes(1) ? -1 : real(fd, data, size);
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
  REAL(ssize_t, pwrite64, int, const void*, size_t, off64_t);
  return is_our_file(fd) && strikes(1) ? -1 : real(fd, data, size, at);
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t at) { return pwrite64(fd, data, size, at); }
int fsync(int fd) {
  REAL(int, fsync, int);
  return is_our_file(fd) && strikes(0) ? -1 : real(fd);
}
int rename(const char* from, const char* to) {
  REAL(int, rename, const char*, const char*);
  return is_ours(to) && strikes(0) ? -1 : real(from, to);
}
int link(const char* from, const char* to) {
  REAL(int, link, const char*, const char*);
  return is_ours(to) && strikes(1) ? -1 : real(from, to);
}
int unlink(const char* path) {
  REAL(int, unlink, const char*);
  return is_ours(path) && strikes(0) ? -1 : real(path);
}
int remove(const char* path) {
  REAL(int, remove, const char*);
  return is_ours(path) && strikes(0) ? -1 : real(path);
}

__attribute__((destructor)) static void tell(void) {
  const char* path = getenv("FAULT_COUNT");
  FILE* out = path ? fopen(path, "w") : NULL;
  if (!out) return;
  fprintf(out, "%ld\n", calls);
  fclose(out);
}
