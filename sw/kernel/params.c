// SPDX-License-Identifier: MIT
/*
 * Module parameters, and the numbers and strings that they are made of.
 */
#include "kernel_priv.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#define PARAM_TEXT_MAX 1024

static int check_rest(const char *text, const char *end)
{
	if (end == text)
		return -EINVAL;
	if (*end == '\n')
		end++;
	return *end ? -EINVAL : 0;
}

int kstrtoull(const char *text, unsigned int base, unsigned long long *result)
{
	char *end;

	if (*text == '+')
		text++;
	if (!isxdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	*result = strtoull(text, &end, (int)base);
	return errno == ERANGE ? -ERANGE : check_rest(text, end);
}

int kstrtoll(const char *text, unsigned int base, long long *result)
{
	char *end;

	if (!isxdigit((unsigned char)text[*text == '-' || *text == '+']))
		return -EINVAL;
	errno = 0;
	*result = strtoll(text, &end, (int)base);
	return errno == ERANGE ? -ERANGE : check_rest(text, end);
}

#define KSTRTO(name, type, wide_name, wide)                                     \
	int name(const char *text, unsigned int base, type *result)             \
	{                                                                       \
		wide value;                                                     \
		int err = wide_name(text, base, &value);                        \
										\
		if (err)                                                        \
			return err;                                             \
		if ((wide)(type)value != value)                                 \
			return -ERANGE;                                         \
		*result = (type)value;                                          \
		return 0;                                                       \
	}

KSTRTO(kstrtoul, unsigned long, kstrtoull, unsigned long long)
KSTRTO(kstrtol, long, kstrtoll, long long)
KSTRTO(kstrtouint, unsigned int, kstrtoull, unsigned long long)
KSTRTO(kstrtoint, int, kstrtoll, long long)

int kstrtobool(const char *text, bool *result)
{
	static const struct {
		const char *text;
		bool value;
	} words[] = {
		{ "y", true }, { "t", true }, { "1", true }, { "on", true }, { "n", false },
		{ "f", false }, { "0", false }, { "of", false },
	};
	unsigned int i;

	for (i = 0; text && i < ARRAY_SIZE(words); i++) {
		if (strncasecmp(text, words[i].text, strlen(words[i].text)))
			continue;
		*result = words[i].value;
		return 0;
	}
	return -EINVAL;
}

char *skip_spaces(const char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	return (char *)text;
}

char *strim(char *text)
{
	size_t len = strlen(text);

	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
	return skip_spaces(text);
}

/* Numbers: from the wide form, if they fit. */
#define PARAM_NUMBER(kind, type, format, wide_name, wide)                               \
	int param_set_##kind(const char *val, const struct kernel_param *kp)            \
	{                                                                               \
		wide value;                                                             \
		int err = val ? wide_name(val, 0, &value) : -EINVAL;                    \
											\
		if (err)                                                                \
			return err;                                                     \
		if ((wide)(type)value != value)                                         \
			return -ERANGE;                                                 \
		*(type *)kp->arg = (type)value;                                         \
		return 0;                                                               \
	}                                                                               \
	int param_get_##kind(char *buffer, const struct kernel_param *kp)               \
	{                                                                               \
		return snprintf(buffer, PAGE_SIZE, format "\n", *(type *)kp->arg);      \
	}                                                                               \
	const struct kernel_param_ops param_ops_##kind = { .set = param_set_##kind, .get = param_get_##kind }

PARAM_NUMBER(byte, u8, "%u", kstrtoull, unsigned long long);
PARAM_NUMBER(short, short, "%d", kstrtoll, long long);
PARAM_NUMBER(ushort, unsigned short, "%u", kstrtoull, unsigned long long);
PARAM_NUMBER(int, int, "%d", kstrtoll, long long);
PARAM_NUMBER(uint, unsigned int, "%u", kstrtoull, unsigned long long);
PARAM_NUMBER(long, long, "%ld", kstrtoll, long long);
PARAM_NUMBER(ulong, unsigned long, "%lu", kstrtoull, unsigned long long);
PARAM_NUMBER(ullong, unsigned long long, "%llu", kstrtoull, unsigned long long);

int param_set_bool(const char *val, const struct kernel_param *kp)
{
	return kstrtobool(val ? val : "1", kp->arg);
}

int param_get_bool(char *buffer, const struct kernel_param *kp)
{
	return snprintf(buffer, PAGE_SIZE, "%c\n", *(bool *)kp->arg ? 'Y' : 'N');
}

const struct kernel_param_ops param_ops__Bool = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG, .set = param_set_bool, .get = param_get_bool,
};

int param_set_copystring(const char *val, const struct kernel_param *kp)
{
	const struct kparam_string *str = kp->str;

	if (!val)
		return -EINVAL;
	if (strlen(val) + 1 > str->maxlen) {
		pr_err("%s: string doesn't fit in %u chars.\n", kp->name, str->maxlen - 1);
		return -ENOSPC;
	}
	strcpy(str->string, val);
	return 0;
}

int param_get_string(char *buffer, const struct kernel_param *kp)
{
	return snprintf(buffer, PAGE_SIZE, "%s\n", kp->str->string);
}

const struct kernel_param_ops param_ops_string = { .set = param_set_copystring, .get = param_get_string };

/* Not kfree()d before the module goes: until then it may be anywhere in the module. */
static struct kmalloced_charp {
	char *text;
	struct kmalloced_charp *next;
} *charps;

int param_set_charp(const char *val, const struct kernel_param *kp)
{
	struct kmalloced_charp *entry;

	if (!val)
		return -EINVAL;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	entry->text = strdup(val);
	entry->next = charps;
	charps = entry;
	*(char **)kp->arg = entry->text;
	return entry->text ? 0 : -ENOMEM;
}

int param_get_charp(char *buffer, const struct kernel_param *kp)
{
	return snprintf(buffer, PAGE_SIZE, "%s\n", *(char **)kp->arg);
}

static void param_free_charp(void *arg)
{
	struct kmalloced_charp **at = &charps, *entry;

	while (*at && (*at)->text != *(char **)arg)
		at = &(*at)->next;
	entry = *at;
	if (!entry)
		return;
	*at = entry->next;
	free(entry->text);
	free(entry);
}

const struct kernel_param_ops param_ops_charp = { .set = param_set_charp, .get = param_get_charp, .free = param_free_charp };

static int param_array_set(const char *val, const struct kernel_param *kp)
{
	const struct kparam_array *arr = kp->arr;
	struct kernel_param element = *kp;
	char text[PARAM_TEXT_MAX], *rest = text, *item;
	unsigned int n = 0;
	int err = val && strscpy(text, val, sizeof(text)) >= 0 ? 0 : -EINVAL;

	while (!err && (item = strsep(&rest, ","))) {
		element.arg = (char *)arr->elem + n * arr->elemsize;
		err = n < arr->max ? arr->ops->set(item, &element) : -EINVAL;
		n++;
	}
	if (!err && arr->num)
		*arr->num = n;
	return err;
}

static int param_array_get(char *buffer, const struct kernel_param *kp)
{
	const struct kparam_array *arr = kp->arr;
	const unsigned int n = arr->num ? *arr->num : arr->max;
	struct kernel_param element = *kp;
	unsigned int i;
	int len = 0;

	for (i = 0; i < n; i++) {
		/* The line end that the one before has written becomes the comma. */
		if (i)
			buffer[len - 1] = ',';
		element.arg = (char *)arr->elem + i * arr->elemsize;
		len += arr->ops->get(buffer + len, &element);
	}
	return len;
}

const struct kernel_param_ops param_array_ops = { .set = param_array_set, .get = param_array_get };

void kernel_param_register(struct module *module, struct kernel_param *param)
{
	struct kernel_param **at = &module->params;

	while (*at)
		at = &(*at)->next;
	*at = param;
	param->mod = module;
}

static struct kernel_param *find_param(struct module *module, const char *name)
{
	struct kernel_param *param = module->params;

	while (param && strcmp(param->name, name))
		param = param->next;
	return param;
}

static int set_param(struct module *module, const char *name, const char *val)
{
	struct kernel_param *param = find_param(module, name);

	if (!param || !param->ops->set) {
		pr_err("%s: no parameter '%s' that can be set\n", module->name, name);
		return -ENOENT;
	}
	if (!val && !(param->ops->flags & KERNEL_PARAM_OPS_FL_NOARG)) {
		pr_err("%s: parameter '%s' needs a value\n", module->name, name);
		return -EINVAL;
	}
	return param->ops->set(val, param);
}

/* Cuts the next "name=value" off @rest; a value may stand in double quotes. */
static char *next_param(char **rest, char **val)
{
	char *name = skip_spaces(*rest), *p = name;
	bool quoted = false;

	*val = NULL;
	for (; *p && (quoted || !isspace((unsigned char)*p)); p++) {
		if (*p == '=' && !*val) {
			*p = '\0';
			quoted = p[1] == '"';
			p += quoted;
			*val = p + 1;
		} else if (*p == '"' && quoted) {
			*p = '\0';
			quoted = false;
		}
	}
	*rest = *p ? p + 1 : p;
	*p = '\0';
	return name;
}

int kernel_param_parse(struct module *module, const char *text)
{
	char copy[PARAM_TEXT_MAX], *rest = copy, *name, *val;
	int err = strscpy(copy, text, sizeof(copy)) < 0 ? -E2BIG : 0;

	while (!err && *(name = next_param(&rest, &val)))
		err = set_param(module, name, val);
	return err;
}

void kernel_param_release(struct module *module)
{
	struct kernel_param *param;

	for (param = module->params; param; param = param->next)
		if (param->ops->free)
			param->ops->free(param->arg);
}
