#define _POSIX_C_SOURCE 200809L

#include "handles.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    char *name;
    ResetPasswordUserManagement *handle;
    struct entry *next;
};

/* Held to read during a call, so that no handle is given back under it. */
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct entry *entries;

static struct entry *find(const char *name)
{
    struct entry *entry = entries;
    while (entry != NULL && strcmp(entry->name, name) != 0)
        entry = entry->next;
    return entry;
}

ResetPasswordUserManagement *handles_take(const char *name)
{
    pthread_rwlock_rdlock(&lock);
    struct entry *entry = find(name);
    if (entry != NULL && entry->handle != NULL)
        return entry->handle;
    pthread_rwlock_unlock(&lock);
    return NULL;
}

void handles_let_go(void)
{
    pthread_rwlock_unlock(&lock);
}

void handles_put(const char *name, ResetPasswordUserManagement *handle)
{
    pthread_rwlock_wrlock(&lock);
    struct entry *entry = find(name);
    if (entry == NULL) {
        entry = calloc(1, sizeof *entry);
        if (entry == NULL || (entry->name = strdup(name)) == NULL) {
            fputs("the driver has no memory left\n", stderr);
            exit(1);
        }
        entry->next = entries;
        entries = entry;
    }
    reset_password_free(entry->handle);
    entry->handle = handle;
    pthread_rwlock_unlock(&lock);
}
