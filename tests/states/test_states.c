/*
 * Random commands against the rules: after each, database, drivers and special files agree, and are
 * what the rules say. Now and then a command or kexd is killed; then cfgmgr has to bring all of it
 * together again. usage: test_states STAGE MACHINE STEPS [SEED]
 */
#include <fcntl.h>
#include <kex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cfgmethods/check.h"
#include "cfgmethods/device.h"
#include "states.h"

static char program[512];
static struct kex_file *held;

static pid_t start(const struct step *step)
{
	char *argv[20] = {program};

	for (int i = 0; i < step->count; i++)
		argv[i + 1] = (char *)(uintptr_t)step->words[i];
	pid_t child = fork();
	if (child == 0) {
		int log = open(getenv("STATES_LOG"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(log, STDOUT_FILENO);
		dup2(log, STDERR_FILENO);
		execv(program, argv);
		_exit(127);
	}
	return child;
}

/* The exit status; -1 when it was killed, which `kill_after` microseconds does unless negative. */
static int run(const struct step *step, int kill_after)
{
	pid_t child = start(step);
	int status = 0;

	if (kill_after >= 0) {
		usleep((useconds_t)kill_after);
		kill(child, SIGKILL);
	}
	if (waitpid(child, &status, 0) != child)
		abort();
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void print_step(const struct step *step)
{
	for (int i = 0; i < step->count; i++)
		fprintf(stderr, " %s", step->words[i]);
	fputc('\n', stderr);
}

static int failed(long number, const struct step *step, const char *why)
{
	char line[256];
	FILE *log = fopen(getenv("STATES_LOG"), "r");

	fprintf(stderr, "step %ld:", number);
	print_step(step);
	fprintf(stderr, "%s\n", why);
	while (log != NULL && fgets(line, sizeof(line), log) != NULL)
		fputs(line, stderr);
	if (log != NULL)
		fclose(log);
	return 1;
}

/* Looks at everything; the world becomes what was found. */
static const char *look(struct world *world)
{
	const char *wrong = world_read(world, false);

	if (wrong == NULL)
		wrong = world_disagreement(world);
	return wrong != NULL || database_check(false, stderr) == 0 ? wrong
								   : "the database is damaged";
}

static void release_held(void)
{
	kex_close(held);
	held = NULL;
	opened = -1;
}

/* Opens a configured target-mode device, or closes the one that is open. */
static void toggle_open(const struct world *world)
{
	char file[32];

	if (held != NULL) {
		release_held();
		return;
	}
	for (int i = 0; i < world->count && held == NULL; i++) {
		const struct node *node = &world->nodes[i];
		if (!node->exists || node->status != AVAILABLE ||
			strcmp(node->type, "tmscsi/scsi/tmscsi") != 0)
			continue;
		snprintf(file, sizeof(file), "%s.tm", node->name);
		held = kex_open(file, O_RDONLY | O_NONBLOCK);
		opened = held != NULL ? i : -1;
	}
}

/* What is below a Stopped device is not looked for. */
static bool stopped_above(const struct world *world, int which)
{
	while (which >= 0 && world->nodes[which].status != STOPPED)
		which = world->nodes[which].parent;
	return which >= 0;
}

/* A command is cut off, or kexd; what was done then is made whole by cfgmgr. */
static const char *crash(struct world *world, struct step *step)
{
	struct kexd_status status;
	struct world expected = *world;

	release_held();
	rules_choose(&expected, step);
	if (rand() % 3 == 0 && kexd_query(&status) == 0 && status.state == KEXD_RUNNING)
		kill(status.pid, SIGKILL);
	else
		run(step, rand() % 6000);
	if (database_check(false, stderr) != 0)
		return "the database is damaged by the kill";
	rules_configure_all(&expected, step);
	if (run(step, -1) != 0)
		return "cfgmgr fails after a kill";
	const char *wrong = look(world);
	for (int i = 0; wrong == NULL && i < world->count; i++)
		if (!world->nodes[i].exists && !stopped_above(world, i))
			wrong = "cfgmgr does not find every device again";
	return wrong;
}

static const char *do_step(struct world *world, struct step *step)
{
	struct world expected = *world;

	rules_choose(&expected, step);
	int status = run(step, -1);
	if (status != (step->succeeds ? 0 : 1))
		return step->succeeds ? "it fails, but should not" : "it should fail";
	const char *wrong = look(world);
	return wrong != NULL ? wrong : world_difference(&expected, world);
}

static int run_steps(long steps)
{
	struct world world = {0};
	struct step step = {.words = {"cfgmgr"}, .count = 1};
	long kills = 0;

	if (run(&step, -1) != 0)
		return failed(0, &step, "the first cfgmgr fails");
	const char *wrong = world_read(&world, true);
	initial = world;
	for (long i = 1; i <= steps && wrong == NULL; i++) {
		if (rand() % 10 == 0)
			toggle_open(&world);
		bool kills_now = rand() % 25 == 0;
		kills += kills_now;
		wrong = kills_now ? crash(&world, &step) : do_step(&world, &step);
		if (wrong != NULL)
			return failed(i, &step, wrong);
	}
	release_held();
	printf("%ld steps, %ld of them killed\n", steps, kills);
	return wrong != NULL ? failed(0, &step, wrong) : 0;
}

int main(int argc, char **argv)
{
	char directory[] = "/tmp/odmcfg-states-XXXXXX", root[64], log[64];

	if (argc < 4 || mkdtemp(directory) == NULL) {
		fprintf(stderr, "usage: test_states STAGE MACHINE STEPS [SEED]\n");
		return 2;
	}
	snprintf(root, sizeof(root), "%s/root", directory);
	snprintf(log, sizeof(log), "%s/log", directory);
	snprintf(program, sizeof(program), "%s/bin/odmcfg", argv[1]);
	setenv("ODMCFG_ROOT", root, 1);
	setenv("STATES_LOG", log, 1);
	unsetenv("ODMDIR");
	unsigned seed = argc > 4 ? (unsigned)atoi(argv[4]) : (unsigned)getpid();
	srand(seed);
	printf("seed %u\n", seed);
	struct step init = {.words = {"init", "--machine"}, .count = 3};
	snprintf(init.words[2], sizeof(init.words[2]), "%s", argv[2]);
	int status = run(&init, -1) == 0 ? run_steps(atol(argv[3])) : failed(0, &init, "init");
	kexd_stop(true);
	char command[64];
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command) != 0 || status != 0;
}
