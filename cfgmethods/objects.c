/* Objects by criteria, transactions, and the texts of the methods' exit codes. */
#include "cfg_private.h"

int find_by(CLASS_SYMBOL symbol, void *object, char *crit)
{
	AUTO_FREE char *criteria = crit;
	if (criteria == NULL)
		return -1;

	void *found = odm_get_first(symbol, criteria, object);
	if (found == ODM_FAILED)
		return -1;
	return found != NULL;
}

void *list_by(CLASS_SYMBOL symbol, struct listinfo *info, char *crit)
{
	AUTO_FREE char *criteria = crit;

	if (criteria != NULL)
		return odm_get_list(symbol, criteria, info, 16, 1);
	odmerrno = ODMI_MALLOC_ERR;
	return ODM_FAILED;
}

int remove_by(CLASS_SYMBOL symbol, char *crit)
{
	AUTO_FREE char *criteria = crit;

	return criteria == NULL ? -1 : odm_rm_obj(symbol, criteria);
}

int transaction_begin(struct transaction *transaction)
{
	if (odm_begin() < 0)
		return -1;
	transaction->open = true;
	return 0;
}

int transaction_commit(struct transaction *transaction)
{
	/* A commit that fails has undone the transaction. */
	transaction->open = false;
	return odm_commit();
}

void transaction_release(struct transaction *transaction)
{
	/* What led here is what the caller reports. */
	int error = odmerrno;

	if (transaction->open)
		odm_rollback();
	transaction->open = false;
	odmerrno = error;
}

bool copy_text(char *room, size_t size, const char *text)
{
	if (strlen(text) >= size)
		return false;
	strcpy(room, text);
	return true;
}

static const struct {
	const char *name, *text;
} errors[] = {
	[E_OK] = {"E_OK", "success"},
	[E_ARGS] = {"E_ARGS", "the flags are not right for this method"},
	[E_LNAME] = {"E_LNAME", "the logical name is not valid or is taken"},
	[E_TYPE] = {"E_TYPE", "there is no such class, subclass and type"},
	[E_NOCuDv] = {"E_NOCuDv", "the device is not in the customized database"},
	[E_NOPdDv] = {"E_NOPdDv", "the device's type is not in the predefined database"},
	[E_NOATTR] = {"E_NOATTR", "an attribute that the method needs is missing"},
	[E_ATTRVAL] = {"E_ATTRVAL", "the attribute does not allow the value"},
	[E_BADATTR] = {"E_BADATTR", "a stored attribute value can't be used"},
	[E_PARENT] = {"E_PARENT", "the parent is missing, or wrong for the device"},
	[E_PARENTSTATE] = {"E_PARENTSTATE", "the parent is not Available"},
	[E_INVCONNECT] = {"E_INVCONNECT", "the parent has no such connection for the device"},
	[E_AVAILCONNECT] = {"E_AVAILCONNECT", "another device is Available at the connection"},
	[E_STATE] = {"E_STATE", "the device is in the wrong state"},
	[E_CHILDSTATE] = {"E_CHILDSTATE", "a child of the device is in the wrong state"},
	[E_DEPENDENCY] = {"E_DEPENDENCY", "another device depends on it"},
	[E_BUSY] = {"E_BUSY", "the device is open"},
	[E_ODMINIT] = {"E_ODMINIT", "the database can't be used"},
	[E_ODMGET] = {"E_ODMGET", "the database can't be read"},
	[E_ODMADD] = {"E_ODMADD", "an object can't be added to the database"},
	[E_ODMUPDATE] = {"E_ODMUPDATE", "the database can't be changed"},
	[E_ODMDELETE] = {"E_ODMDELETE", "an object can't be removed from the database"},
	[E_ODMLOCK] = {"E_ODMLOCK", "the configuration lock can't be taken"},
	[E_ODMRUNMETHOD] = {"E_ODMRUNMETHOD", "another method could not be run, or failed"},
	[E_MAJORNO] = {"E_MAJORNO", "no major number can be assigned"},
	[E_MINORNO] = {"E_MINORNO", "no minor number can be assigned"},
	[E_MAKESPF] = {"E_MAKESPF", "a special file can't be made"},
	[E_LOADEXT] = {"E_LOADEXT", "the device driver can't be loaded"},
	[E_UNLOADEXT] = {"E_UNLOADEXT", "the device driver can't be unloaded"},
	[E_CFGINIT] = {"E_CFGINIT", "the device driver refused the device"},
	[E_CFGTERM] = {"E_CFGTERM", "the device driver could not unconfigure the device"},
	[E_DDS] = {"E_DDS", "the device dependent structure can't be built"},
	[E_FINDCHILD] = {"E_FINDCHILD", "the device's children can't be detected"},
	[E_MALLOC] = {"E_MALLOC", "there is not enough memory"},
	[E_BUSRESOURCE] = {"E_BUSRESOURCE", "a bus resource that the device needs is taken"},
	[E_NODETECT] = {"E_NODETECT", "the hardware is not there"},
};

LIBCFG_API const char *cf_error_name(int code)
{
	return code >= 0 && code <= E_LAST ? errors[code].name : "unknown";
}

LIBCFG_API const char *cf_error_text(int code)
{
	return code >= 0 && code <= E_LAST ? errors[code].text
					   : "the method ended with a code that cf.h does not have";
}
