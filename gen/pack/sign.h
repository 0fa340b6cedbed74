/* Sign and check tag manifests with OpenSSH's ssh-keygen (8.2 or newer): the one file
 * that runs another program. Format: PROTOCOL.sshsig of OpenSSH, namespace
 * kdaudit-pack@1. */
#pragma once
#include "base/str.h"

struct arena;
struct diag;

#define SIGN_NAMESPACE "kdaudit-pack@1"

/* Sign bytes with the private key in a file (or its public half, when an agent holds the
 * key). ssh-keygen asks for a passphrase on the terminal if there is one. False after
 * recording PAK-152. */
bool sign_make(struct arena *a, const char *key, struct str bytes, struct str *signature,
               struct diag *dx);

/* Is signature one over bytes, by whom allowed (a file of allowed signers, ssh-keygen(1))
 * lets sign in our namespace? identity NULL: whichever of them it was. *who gets the
 * identity. False after recording PAK-150 or PAK-152. */
bool sign_check(struct arena *a, const char *allowed, const char *identity,
                struct str bytes, struct str signature, struct str *who, struct diag *dx);

/* Is it a signature over bytes at all, by whatever key? *who gets what ssh-keygen says of
 * the key. False after recording PAK-150 or PAK-152. */
bool sign_look(struct arena *a, struct str bytes, struct str signature, struct str *who,
               struct diag *dx);

/* Is ssh-keygen there? */
bool sign_possible(struct arena *a);
