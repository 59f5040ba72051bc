// SPDX-License-Identifier: MIT
// Copies of the process by fork(); see snapshot.h.
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "snapshot.h"

#define REPLAY_SECONDS 100	/* a copy that does not come to its end must not keep its maker for ever */

/* A dead process that nobody waits for stays in the table. */
static void discard(const struct snapshot *s)
{
	close(s->wake);
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
}

static void drop_oldest(struct snapshots *s)
{
	discard(&s->kept[0]);
	memmove(s->kept, s->kept + 1, --s->count * sizeof(s->kept[0]));
}

/* A copy has none of its own, and must not hold the pipes of the others open. */
static void forget(struct snapshots *s)
{
	for (unsigned int i = 0; i < s->count; i++)
		close(s->kept[i].wake);
	*s = (struct snapshots){ .window = 0 };
}

static void be_silent(void)
{
	const int null = open("/dev/null", O_WRONLY);

	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	close(null);
}

/* Life of a copy. If its maker has died before prctl(), nobody would tell. */
static void sleep_until_woken(struct snapshots *s, pid_t maker, int wake, uint64_t *until)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	forget(s);
	if (getppid() != maker || read(wake, until, sizeof(*until)) != (ssize_t)sizeof(*until))
		_exit(1);
	close(wake);
	be_silent();
	alarm(REPLAY_SECONDS);
}

bool snapshots_keep(struct snapshots *s, uint64_t clock, uint64_t *until)
{
	const pid_t maker = getpid();
	int ends[2];
	pid_t pid;

	s->next = clock + s->window;
	if (s->count == SNAPSHOTS)
		drop_oldest(s);
	if (pipe(ends))
		return false;
	pid = fork();
	if (!pid) {
		close(ends[1]);
		sleep_until_woken(s, maker, ends[0], until);
		return true;
	}
	close(ends[0]);
	if (pid < 0)
		close(ends[1]);
	else
		s->kept[s->count++] = (struct snapshot){ .pid = pid, .wake = ends[1] };
	return false;
}

static int wait_for(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The simulator is the program, so its own arguments, which the bench has not read, come first. */
static int begin_anew(char *const *again)
{
	const pid_t maker = getpid(), pid = fork();

	if (pid)
		return pid < 0 ? -1 : wait_for(pid);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != maker)
		_exit(1);
	be_silent();
	alarm(REPLAY_SECONDS);
	execv("/proc/self/exe", again);
	_exit(127);
}

int snapshots_replay(struct snapshots *s, uint64_t clock, char *const *again)
{
	const struct snapshot oldest = s->kept[0];

	if (!s->count)
		return begin_anew(again);
	while (s->count > 1)
		discard(&s->kept[--s->count]);
	s->count = 0;
	signal(SIGPIPE, SIG_IGN);	/* it may have been killed */
	if (write(oldest.wake, &clock, sizeof(clock)) == (ssize_t)sizeof(clock))
		return wait_for(oldest.pid);
	discard(&oldest);
	return -1;
}

void snapshots_drop(struct snapshots *s)
{
	while (s->count)
		discard(&s->kept[--s->count]);
	s->window = 0;
}
