/* Schema files: loaded, all or none, and only where they differ from what there is. */
#include "schema.h"

#include "config_file.h"
#include "schema_read.h"

/* Appends what matches as stanzas: false when it can't be read. */
static bool append_objects(struct text *text, CLASS_SYMBOL symbol, char *crit)
{
	AUTO_FREE char *criteria = crit;
	AUTO_FREE char *stanzas = NULL;
	size_t length;
	FILE *memory = open_memstream(&stanzas, &length);
	if (criteria == NULL || memory == NULL)
		return false;

	void *object = odm_get_first(symbol, criteria, NULL);
	for (; object != NULL && object != ODM_FAILED; object = odm_get_next(symbol, NULL)) {
		odm_write_stanza(symbol, object, memory);
		odm_free_members(symbol, object);
		free(object);
	}
	fclose(memory);
	text_append(text, stanzas);
	return object == NULL;
}

/* All that the predefined database has of a type, to be freed; NULL without memory. */
static char *type_as_text(const struct PdDv *type, const char *catalog)
{
	AUTO(text_release) struct text text = {0};

	text_append(&text, "");
	if (!append_objects(&text, PdDv_CLASS, odm_criteria("uniquetype = %s", type->uniquetype)) ||
		!append_objects(
			&text, PdAt_CLASS, odm_criteria("uniquetype = %s", type->uniquetype)) ||
		!append_objects(
			&text, PdPathAt_CLASS, odm_criteria("uniquetype = %s", type->uniquetype)) ||
		!append_objects(
			&text, PdCn_CLASS, odm_criteria("uniquetype = %s", type->uniquetype)) ||
		!append_objects(
			&text, PdKern_CLASS, odm_criteria("uniquetype = %s", type->uniquetype)) ||
		!append_objects(&text, PdMsg_CLASS, odm_criteria("catalog = %s", catalog)))
		return NULL;
	return text_take(&text);
}

/* What is done with files. */
enum purpose { LOAD, CHECK, LOAD_MISSING };

/*
 * Whether the predefined database has the type: 1, 0, -1. A function of its own for the compiler,
 * too: a type is half a page of stack.
 */
__attribute__((noinline)) static int type_is_there(const char *uniquetype)
{
	struct PdDv type;
	int found = find_object(PdDv_CLASS, &type, "uniquetype = %s", uniquetype);

	if (found == 1)
		odm_free_members(PdDv_CLASS, &type);
	return found;
}

/* Loads a type into the transaction that the caller ends: false with a mistake or odmerrno. */
static bool load_type(
	struct schema *schema, config_setting_t *root, enum purpose purpose, bool *changed)
{
	if (!schema_read_type(schema, root))
		return false;
	int there = purpose == LOAD_MISSING ? type_is_there(schema->type.uniquetype) : 0;
	if (there != 0)
		return there > 0 || schema_mistaken(schema, root, "%s", odm_error_text(odmerrno));
	AUTO_FREE char *before = type_as_text(&schema->type, schema->catalog);
	if (!schema_store(schema, root))
		return false;
	AUTO_FREE char *after = type_as_text(&schema->type, schema->catalog);
	*changed = before == NULL || after == NULL || strcmp(before, after) != 0;
	return true;
}

/*
 * Loads one type, whose uniquetype it tells; the result is schema_load's. What is there already as
 * the file has it is left alone, and the history has nothing of it.
 */
static char *load_file(const char *path, char uniquetype[48], enum purpose purpose, int *loaded)
{
	AUTO(config_destroy) config_t config;
	AUTO(transaction_release) struct transaction transaction = {0};
	AUTO(schema_release)
	struct schema schema = {.path = path, .check_methods = purpose == CHECK};
	bool changed = false;

	config_init(&config);
	char *mistake = config_file_read(path, &config);
	if (mistake != NULL)
		return mistake;
	if (transaction_begin(&transaction) < 0)
		return strdup(odm_error_text(odmerrno));
	if (!load_type(&schema, config_root_setting(&config), purpose, &changed))
		return schema.mistakes.length > 0 ? text_take(&schema.mistakes) : strdup(path);
	strcpy(uniquetype, schema.type.uniquetype);
	if (!changed)
		return NULL;
	++*loaded;
	return transaction_commit(&transaction) < 0 ? strdup(odm_error_text(odmerrno)) : NULL;
}

/* What two files of the same type are refused with; NULL when there is no other. */
static char *find_twin(char *const *paths, char (*uniquetypes)[48], size_t last)
{
	char *mistake = NULL;

	for (size_t i = 0; i < last; i++)
		if (strcmp(uniquetypes[i], uniquetypes[last]) == 0)
			return asprintf(&mistake, "%s: %s describes the type %s too", paths[last],
				       paths[i], uniquetypes[i]) < 0
				       ? strdup(paths[last])
				       : mistake;
	return NULL;
}

/* Adds a file's mistakes to those of the ones before. */
static void add_mistakes(struct text *mistakes, char *more)
{
	AUTO_FREE char *lines = more;

	if (lines != NULL)
		text_printf(mistakes, "%s%s", mistakes->length > 0 ? "\n" : "", lines);
}

static char *load_files(char *const *paths, size_t count, enum purpose purpose, int *loaded)
{
	AUTO(transaction_release) struct transaction transaction = {0};
	AUTO(text_release) struct text mistakes = {0};
	AUTO_FREE char(*uniquetypes)[48] = calloc(count + 1, sizeof(*uniquetypes));

	if (uniquetypes == NULL)
		return strdup("there is not enough memory");
	if (transaction_begin(&transaction) < 0)
		return strdup(odm_error_text(odmerrno));
	for (size_t i = 0; i < count; i++) {
		add_mistakes(&mistakes, load_file(paths[i], uniquetypes[i], purpose, loaded));
		if (uniquetypes[i][0] != '\0')
			add_mistakes(&mistakes, find_twin(paths, uniquetypes, i));
	}
	if (mistakes.length > 0)
		return text_take(&mistakes);
	if (purpose == CHECK)
		return NULL;
	return transaction_commit(&transaction) < 0 ? strdup(odm_error_text(odmerrno)) : NULL;
}

char *schema_load(char *const *paths, size_t count)
{
	int loaded = 0;

	return load_files(paths, count, LOAD, &loaded);
}

char *schema_load_missing(char *const *paths, size_t count, int *loaded)
{
	*loaded = 0;
	return load_files(paths, count, LOAD_MISSING, loaded);
}

char *schema_check(char *const *paths, size_t count)
{
	int loaded = 0;

	return load_files(paths, count, CHECK, &loaded);
}

void messages_release(struct messages *messages)
{
	for (int i = 0; i < messages->count; i++)
		free(messages->texts[i]);
	free(messages->texts);
}

static int take_message(void *object, void *closure)
{
	struct messages *messages = closure;
	struct PdMsg *message = object;

	if (message->msgno < 0)
		return 0;
	if (message->msgno >= messages->count) {
		size_t room = (size_t)message->msgno + 16;
		char **longer = realloc(messages->texts, room * sizeof(*longer));
		if (longer == NULL)
			return -1;
		memset(longer + messages->count, 0,
			(room - (size_t)messages->count) * sizeof(*longer));
		messages->texts = longer;
		messages->count = (int)room;
	}
	free(messages->texts[message->msgno]);
	messages->texts[message->msgno] = message->text;
	message->text = NULL;
	return 0;
}

bool messages_read(struct messages *messages, const char *catalog, int setno)
{
	static const char *const wanted[] = {"msgno", "text", NULL};
	AUTO_FREE char *crit =
		odm_criteria("catalog = %s AND setno = %d", catalog != NULL ? catalog : "", setno);

	return crit != NULL && odm_visit(PdMsg_CLASS, crit, wanted, take_message, messages) == 0;
}

const char *messages_find(const struct messages *messages, int msgno)
{
	return msgno > 0 && msgno < messages->count && messages->texts[msgno] != NULL
		       ? messages->texts[msgno]
		       : "";
}

char *message_text(const char *catalog, int setno, int msgno)
{
	struct PdMsg message;

	if (find_object(PdMsg_CLASS, &message, "catalog = %s AND setno = %d AND msgno = %d",
		    catalog != NULL ? catalog : "", setno, msgno) != 1)
		return strdup("");
	char *text = message.text;
	message.text = NULL;
	odm_free_members(PdMsg_CLASS, &message);
	return text;
}
